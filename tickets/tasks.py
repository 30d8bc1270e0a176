from celery import shared_task
from django.utils import timezone

from nova.accounts.system import system_of
from nova.tenancy.fence import every_tenant, inside
from tickets import services


@shared_task(name="tickets.close_settled", ignore_result=True)
def close_settled() -> None:
    """Every ten minutes, from beat: close what was resolved days ago. Twice is harmless."""
    for tenant_id in every_tenant():
        with inside(tenant_id):
            actor, now = system_of(tenant_id), timezone.now()
            services.close_settled(tenant_id, actor=actor, now=now)


@shared_task(name="tickets.lift_waiting", ignore_result=True)
def lift_waiting() -> None:
    """Every minute, from beat: lift what has waited beyond the tenant's limit."""
    for tenant_id in every_tenant():
        with inside(tenant_id):
            actor, now = system_of(tenant_id), timezone.now()
            services.lift_waiting(tenant_id, actor=actor, now=now)
