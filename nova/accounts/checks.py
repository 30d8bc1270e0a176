"""Refuse to start with a role that promises what nobody can do."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, register

from nova.accounts.permissions import permission_names


@register
def check_roles(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Check that `settings.ROLES` names only permissions that some model declares."""
    declared = permission_names()
    hint = "Declare it in the Meta.permissions of a model, or take it out of settings.ROLES."
    return [
        Error(f"Role {role!r} names {name!r}, which no model declares", hint, id="nova.E020")
        for role, names in settings.ROLES.items()
        for name in sorted(set(names) - declared)
    ]
