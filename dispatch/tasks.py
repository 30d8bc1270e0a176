"""What assignment does by the clock."""

from celery import shared_task
from django.utils import timezone

from dispatch.services.routing import train_routing as train
from nova.tenancy.fence import every_tenant


@shared_task(name="dispatch.train_routing", ignore_result=True)
def train_routing() -> None:
    """Every night, from beat: learn which team settles what."""
    for tenant_id in list(every_tenant()):
        train(tenant_id, now=timezone.now())
