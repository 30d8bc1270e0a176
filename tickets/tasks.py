"""The rounds of the desk."""

from celery import shared_task
from django.utils import timezone

from nova.accounts.system import system_of
from nova.events import nudge
from nova.tenancy.fence import inside
from nova.tenancy.rounds import for_each_tenant
from tickets import services
from tickets.services.weights import FOLLOW_WEIGHTS

MOST_AT_ONCE = 200


@shared_task(name="tickets.close_settled", ignore_result=True)
@for_each_tenant
def close_settled(tenant_id: int) -> None:
    """Every ten minutes, from beat: close what was resolved days ago. Twice is harmless.

    What is out of step with the weights, since a nudge was lost, is found here too.
    """
    with inside(tenant_id):
        actor, now = system_of(tenant_id), timezone.now()
        services.close_settled(tenant_id, actor=actor, now=now)
    nudge.wake(FOLLOW_WEIGHTS, tenant_id)


@shared_task(name="tickets.lift_waiting", ignore_result=True)
@for_each_tenant
def lift_waiting(tenant_id: int) -> None:
    """Every minute, from beat: lift what has waited beyond the tenant's limit."""
    with inside(tenant_id):
        actor, now = system_of(tenant_id), timezone.now()
        services.lift_waiting(tenant_id, actor=actor, now=now)


@shared_task(name=FOLLOW_WEIGHTS, ignore_result=True)
def follow_weights(tenant_id: int) -> None:
    """Bring some tickets in step with the weights, and ask for another round while there are."""
    nudge.begin(FOLLOW_WEIGHTS, tenant_id)
    with inside(tenant_id):
        actor, now = system_of(tenant_id), timezone.now()
        done = services.follow_weights(tenant_id, actor=actor, now=now, limit=MOST_AT_ONCE)
    if done == MOST_AT_ONCE:
        nudge.wake(FOLLOW_WEIGHTS, tenant_id)
