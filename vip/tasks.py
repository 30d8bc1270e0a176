from celery import shared_task
from django.utils import timezone

from nova.accounts.system import system_of
from nova.events import nudge
from nova.events.turns import turn
from nova.tenancy.fence import inside
from nova.tenancy.rounds import for_each_tenant
from vip import services

APPLY = "vip.apply_some"


@shared_task(name="vip.apply_due", ignore_result=True)
@for_each_tenant
def apply_due(tenant_id: int) -> None:
    """Every minute, from beat: bring people in step with designations that began or ended."""
    nudge.wake(APPLY, tenant_id)


@shared_task(name=APPLY, ignore_result=True)
def apply_some(tenant_id: int) -> None:
    """Apply one after the other, each in a transaction of its own, until the turn is over."""
    nudge.begin(APPLY, tenant_id)
    is_over = turn()
    while not is_over():
        with inside(tenant_id):
            actor, now = system_of(tenant_id), timezone.now()
            if not services.apply_due(tenant_id, actor=actor, now=now, limit=1):
                return
    nudge.wake(APPLY, tenant_id)


@shared_task(name="vip.remind_of_ends", ignore_result=True)
@for_each_tenant
def remind_of_ends(tenant_id: int) -> None:
    """Every ten minutes, from beat: tell of designations that end soon. Twice is harmless."""
    with inside(tenant_id):
        services.remind_of_ends(tenant_id, actor=system_of(tenant_id), now=timezone.now())


@shared_task(name="vip.escalate_unanswered", ignore_result=True)
@for_each_tenant
def escalate_unanswered(tenant_id: int) -> None:
    """Every few seconds, from beat: go on with alerts that nobody has acknowledged in time."""
    with inside(tenant_id):
        services.escalate_unanswered(tenant_id, actor=system_of(tenant_id), now=timezone.now())


@shared_task(name="vip.reassess", ignore_result=True)
def reassess(tenant_id: int) -> None:
    """By a nudge: bring many people in step, portion by portion."""
    services.REASSESSING.run(tenant_id, timezone.now)


@shared_task(name="vip.reassess_stalled", ignore_result=True)
def reassess_stalled() -> None:
    """Every few seconds, from beat: go on with what a worker left when it died."""
    services.REASSESSING.wake_stalled(timezone.now)
