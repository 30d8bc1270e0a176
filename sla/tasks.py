from celery import shared_task
from django.utils import timezone

from nova.accounts.system import system_of
from nova.events import nudge
from nova.tenancy.fence import every_tenant, inside
from sla import services
from sla.services.recalculations import RECALCULATE

BATCH = 1000
PORTIONS = 10  # of a recalculation in one go: others have the worker in between


@shared_task(name="sla.sweep", ignore_result=True)
def sweep() -> None:
    """Every two seconds, from beat: warn and note breaches. Late or twice is harmless."""
    for tenant_id in every_tenant():
        done = BATCH
        while done == BATCH:
            with inside(tenant_id):
                now = timezone.now()
                done = services.sweep(tenant_id, actor=system_of(tenant_id), now=now, limit=BATCH)


@shared_task(name=RECALCULATE)
def recalculate(tenant_id: int) -> None:
    """By a nudge: preview and apply what is asked for, portion by portion."""
    nudge.begin(RECALCULATE, tenant_id)
    for _ in range(PORTIONS):
        if services.advance(tenant_id, now=timezone.now()) is None:
            return
    nudge.wake(RECALCULATE, tenant_id)


@shared_task(name="sla.recalculate_stalled", ignore_result=True)
def recalculate_stalled() -> None:
    """Every few seconds, from beat: go on with what a worker left when it died."""
    for tenant_id in every_tenant():
        with inside(tenant_id):
            has_stalled = services.has_stalled(now=timezone.now())
        if has_stalled:
            nudge.wake(RECALCULATE, tenant_id)
