"""Who may call what: one permission for each verb, and nothing unless it is listed."""

from collections.abc import Iterable
from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

SIGNED_IN: tuple[str, ...] = ()


class VerbPermission(BasePermission):
    """Lets a person do what the view's `permissions` lists by action (of a plain view: by method).

    An entry is a permission's name, several of which any one suffices, or `SIGNED_IN` for verbs
    that are everybody's. What is not listed is refused.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        if not request.user.is_authenticated:
            return False
        action = action_of(view, request)
        if action is None:  # no such verb here: 405 follows
            return True
        allowed = getattr(view, "permissions", {}).get(action)
        return allowed is not None and holds(request.user, allowed)


def action_of(view: Any, request: Request) -> str | None:
    """Return what is asked of `view`: its action, or the method of a plain view."""
    method = (request.method or "").lower()
    if method == "options":
        return None
    if hasattr(view, "action_map"):
        return str(view.action) if view.action else None
    method = "get" if method == "head" else method
    return method if hasattr(view, method) else None


def holds(user: Any, allowed: str | Iterable[str]) -> bool:
    """Say whether `user` holds the permission, or any one of several."""
    names = [allowed] if isinstance(allowed, str) else list(allowed)
    return not names or any(user.has_perm(name) for name in names)
