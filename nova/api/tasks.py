"""The API's housekeeping."""

from celery import shared_task
from django.utils import timezone

from nova.api import idempotency
from nova.tenancy import fence


@shared_task(name="api.prune_answers")
def prune_answers() -> None:
    """Every hour, from beat: forget the answers that nobody will ask for again."""
    for tenant_id in list(fence.every_tenant()):
        with fence.inside(tenant_id):
            idempotency.prune(now=timezone.now())
