"""Who is behind a socket: the session of the browser, looked at again and again."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.db import transaction
from django.http import HttpRequest

from nova.accounts.models import User


@contextmanager
def signed_in(session_key: str) -> Iterator[User | None]:
    """Run the block in a transaction within the fence of the session's person, if it has one."""
    with transaction.atomic():
        request = HttpRequest()
        request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
        person = get_user(request)
        yield person if isinstance(person, User) else None
