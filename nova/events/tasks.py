from celery import shared_task
from django.utils import timezone

from nova.events import consumers
from nova.tenancy.fence import every_tenant


@shared_task(name="events.consume", autoretry_for=(), ignore_result=True)
def consume(tenant_id: int) -> None:
    """After each commit, by a nudge: let the tenant's consumers read on."""
    consumers.consume(tenant_id, now=timezone.now())


@shared_task(name="events.catch_up", ignore_result=True)
def catch_up() -> None:
    """Every few seconds, from beat: read what a lost nudge or a crash left unread."""
    for tenant_id in every_tenant():
        consumers.consume(tenant_id, now=timezone.now())
