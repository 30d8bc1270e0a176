"""The account in whose name Nova itself acts: sweeps, escalations, closings."""

from datetime import datetime

from nova.accounts.choices import PersonKind
from nova.accounts.models import User
from nova.tenancy.models import Tenant


def seed_system(tenant: Tenant, *, now: datetime) -> None:
    """Create the tenant's own account for what no person did. Nobody can sign in as it."""
    User.objects.create_user(
        f"nova@{tenant.slug}.invalid",
        tenant=tenant,
        name="Nova",
        kind=PersonKind.SYSTEM,
        joined_at=now,
    )


def system_of(tenant_id: int) -> User:
    """Return the account in whose name Nova acts in a tenant."""
    return User.objects.get(tenant_id=tenant_id, kind=PersonKind.SYSTEM)
