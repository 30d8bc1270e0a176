"""Refuse to start with a role that promises what nobody can do."""

from typing import Any

from django.core.checks import Error, register

from nova.accounts import roles
from nova.accounts.permissions import permission_names


@register
def check_roles(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Check that `roles.ROLES` names only permissions that some model declares."""
    declared = permission_names()
    hint = "Declare it in the Meta.permissions of a model, or take it out of nova.accounts.roles."
    return [
        Error(f"Role {role} names {name!r}, which no model declares", hint, id="nova.E020")
        for role, names in roles.ROLES.items()
        for name in sorted(set(names) - declared)
    ]
