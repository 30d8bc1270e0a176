"""The rounds in which deliveries are sent."""

from celery import shared_task
from django.utils import timezone

from nova.events import nudge
from nova.notifications import services
from nova.tenancy.rounds import for_each_tenant

MOST_AT_ONCE = 200


@shared_task(name=services.DELIVER)
def deliver(tenant_id: int) -> None:
    """After a commit, by a nudge: send what is due, one by one."""
    nudge.begin(services.DELIVER, tenant_id)
    for _ in range(MOST_AT_ONCE):
        if not services.deliver_next(tenant_id, now=timezone.now()):
            return
    nudge.wake(services.DELIVER, tenant_id)  # let others have the worker in between


@shared_task(name="notifications.deliver_due")
@for_each_tenant
def deliver_due(tenant_id: int) -> None:
    """Every few seconds, from beat: see to what waits for its next attempt."""
    if services.deliver_next(tenant_id, now=timezone.now()):
        nudge.wake(services.DELIVER, tenant_id)
