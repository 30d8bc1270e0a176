"""What assignment does by the clock."""

from celery import shared_task
from django.utils import timezone

from dispatch import services
from nova.accounts.system import system_of
from nova.tenancy.fence import every_tenant, inside


@shared_task(name="dispatch.measure_performance", ignore_result=True)
def measure_performance() -> None:
    """Every night, from beat: count anew what engineers did. Twice is harmless."""
    for tenant_id in every_tenant():
        with inside(tenant_id):
            actor = system_of(tenant_id)
            services.measure_performance(tenant_id, actor=actor, now=timezone.now())


@shared_task(name="dispatch.train_routing", ignore_result=True)
def train_routing() -> None:
    """Every night, from beat: learn which team settles what."""
    for tenant_id in list(every_tenant()):
        services.train_routing(tenant_id, now=timezone.now())
