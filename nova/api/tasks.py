"""The API's housekeeping."""

from celery import shared_task
from django.utils import timezone

from nova.api import idempotency
from nova.tenancy.fence import inside
from nova.tenancy.rounds import for_each_tenant


@shared_task(name="api.prune_answers")
@for_each_tenant
def prune_answers(tenant_id: int) -> None:
    """Every hour, from beat: forget the answers that nobody will ask for again."""
    with inside(tenant_id):
        idempotency.prune(now=timezone.now())
