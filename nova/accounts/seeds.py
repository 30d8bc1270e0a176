"""What a new tenant starts with: the roles."""

from datetime import datetime

from nova.accounts import roles
from nova.accounts.choices import RoleKey
from nova.accounts.models import Role
from nova.tenancy.models import Tenant


def seed_roles(tenant: Tenant, *, now: datetime) -> None:
    """Create the eight roles with the permissions that `roles.ROLES` gives them."""
    Role.objects.bulk_create(
        Role(
            tenant=tenant,
            key=key,
            name=str(RoleKey(key).label),
            permissions=sorted(roles.ROLES[key]),
        )
        for key in RoleKey.values
    )
