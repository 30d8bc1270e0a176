"""How an organisation comes to be."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from nova.tenancy.fence import inside
from nova.tenancy.models import Tenant


@transaction.atomic
def create_tenant(slug: str, name: str, *, now: datetime, is_demo: bool = False) -> Tenant:
    """Create an organisation with the roles, policies and settings that each app seeds."""
    tenant = Tenant.objects.create(slug=slug, name=name, is_demo=is_demo, created_at=now)
    with inside(tenant.pk):
        for path in settings.TENANT_SEEDS:
            import_string(path)(tenant, now=now)
    return tenant
