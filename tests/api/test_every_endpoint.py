"""What holds for each endpoint of the product, also for those that are still to come."""

import pytest
from django.urls import URLResolver, get_resolver
from rest_framework.permissions import AllowAny

from nova.accounts.permissions import permission_names
from nova.api.permissions import VerbPermission
from nova.api.views import Endpoint

# Open to everybody: signing in, whose answers are secrets and not kept to be given again, and
# the answer to an address that is nobody's.
OPEN = {"TokenView", "RefreshView", "RevokeView", "Unknown"}


def endpoints(resolver=None, prefix=""):
    for pattern in (resolver or get_resolver("nova.urls")).url_patterns:
        path = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from endpoints(pattern, path)
        elif hasattr(pattern.callback, "cls"):
            yield path, pattern.callback


EVERY = [pytest.param(callback, id=path) for path, callback in endpoints()]


def actions_of(callback):
    """Return what a view can be asked for: its actions, or the methods of a plain view."""
    named = getattr(callback, "actions", None) or {}
    plain = {m for m in ("get", "post", "put", "patch", "delete") if hasattr(callback.cls, m)}
    return set(named.values()) or plain


@pytest.mark.parametrize("callback", EVERY)
def test_each_verb_says_who_may_call_it(callback):
    view = callback.cls
    permissions = getattr(view, "permissions", {})
    expected = AllowAny if view.__name__ in OPEN else VerbPermission

    assert list(view.permission_classes) == [expected]
    assert view.__name__ in OPEN or actions_of(callback) <= permissions.keys()


@pytest.mark.parametrize("callback", EVERY)
def test_each_permission_exists(callback):
    allowed = getattr(callback.cls, "permissions", {}).values()
    names = {name for a in allowed for name in ([a] if isinstance(a, str) else a)}

    assert names <= permission_names()


@pytest.mark.parametrize("callback", EVERY)
def test_each_post_honours_the_idempotency_key(callback):
    named = getattr(callback, "actions", None) or {}
    posts = "post" in named or hasattr(callback.cls, "post")

    assert not posts or callback.cls.__name__ in OPEN or issubclass(callback.cls, Endpoint)
