from celery import shared_task
from django.utils import timezone

from nova.accounts.system import system_of
from nova.tenancy.fence import every_tenant, inside
from sla import services

BATCH = 1000


@shared_task(name="sla.sweep", ignore_result=True)
def sweep() -> None:
    """Every two seconds, from beat: warn and note breaches. Late or twice is harmless."""
    for tenant_id in every_tenant():
        done = BATCH
        while done == BATCH:
            with inside(tenant_id):
                now = timezone.now()
                done = services.sweep(tenant_id, actor=system_of(tenant_id), now=now, limit=BATCH)
