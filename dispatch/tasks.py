"""What assignment does by the clock."""

from celery import shared_task
from django.utils import timezone

from dispatch import services
from dispatch.attendance import services as attendance
from nova.accounts.system import system_of
from nova.events import nudge
from nova.tenancy.fence import inside
from nova.tenancy.rounds import for_each_tenant


@shared_task(name="dispatch.measure_performance", ignore_result=True)
@for_each_tenant
def measure_performance(tenant_id: int) -> None:
    """Every night, from beat: count anew what engineers did. Twice is harmless."""
    with inside(tenant_id):
        actor = system_of(tenant_id)
        services.measure_performance(tenant_id, actor=actor, now=timezone.now())


@shared_task(name="dispatch.train_routing", ignore_result=True)
@for_each_tenant
def train_routing(tenant_id: int) -> None:
    """Every night, from beat: learn which team settles what."""
    services.train_routing(tenant_id, now=timezone.now())


@shared_task(name=attendance.ASK, ignore_result=True)
def ask_attendance(tenant_id: int) -> None:
    """By a nudge: ask a tenant's attendance service, if that is due."""
    nudge.begin(attendance.ASK, tenant_id)
    attendance.ask_next(tenant_id, now=timezone.now())


@shared_task(name="dispatch.ask_attendance_due", ignore_result=True)
@for_each_tenant
def ask_attendance_due(tenant_id: int) -> None:
    """Twice a minute, from beat: let the services be asked that are due."""
    with inside(tenant_id):
        is_due = attendance.is_due(now=timezone.now())
    if is_due:
        nudge.wake(attendance.ASK, tenant_id)


@shared_task(name="dispatch.balance", ignore_result=True)
@for_each_tenant
def balance(tenant_id: int) -> None:
    """Every minute, from beat: give out what waits, take back what lies, even out the load."""
    with inside(tenant_id):
        services.balance(tenant_id, actor=system_of(tenant_id), now=timezone.now())
