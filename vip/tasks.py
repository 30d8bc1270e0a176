from celery import shared_task
from django.utils import timezone

from nova.accounts.system import system_of
from nova.tenancy.fence import every_tenant, inside
from vip import services


@shared_task(name="vip.apply_due", ignore_result=True)
def apply_due() -> None:
    """Every minute, from beat: bring people in step with designations that began or ended."""
    for tenant_id in every_tenant():
        with inside(tenant_id):
            services.apply_due(tenant_id, actor=system_of(tenant_id), now=timezone.now())
