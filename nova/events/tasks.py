"""The rounds in which events are numbered, consumed and sealed."""

from celery import shared_task
from django.utils import timezone

from nova.events import consumers, nudge, seal
from nova.tenancy.fence import every_tenant


@shared_task(name="events.consume")
def consume(tenant_id: int) -> None:
    """After a commit, by a nudge: let the tenant's consumers read on."""
    nudge.begin("events.consume", tenant_id)
    consumers.consume(tenant_id, now=timezone.now())


@shared_task(name="events.catch_up")
def catch_up() -> None:
    """Every few seconds, from beat: read what a lost nudge or a crash left unread, and seal."""
    for tenant_id in list(every_tenant()):
        consumers.consume(tenant_id, now=timezone.now())
        seal.seal(tenant_id, now=timezone.now())
