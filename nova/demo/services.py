"""Fill Nova with two organisations that look alive."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from nova.accounts.system import system_of
from nova.demo.cast import assemble, honour
from nova.demo.openings import scenes
from nova.demo.play import Stage
from nova.demo.tables.acme import ACME
from nova.demo.tables.globex import GLOBEX
from nova.demo.tables.shapes import Organisation
from nova.events.models import ConsumerCursor, EventRecord
from nova.events.sequence import advance
from nova.tenancy.fence import inside
from nova.tenancy.models import Tenant
from nova.tenancy.services import create_tenant
from sla import services as sla
from tickets.services import lift_waiting
from vip import services as vip

ORGANISATIONS = (ACME, GLOBEX)
FOUNDED = timedelta(days=45)
# What happened before is told to nobody by mail or alert; it would be hundreds at once.
RECENT = timedelta(minutes=15)
SWEEP = 1000


@dataclass(frozen=True)
class Seeded:
    """What was made of one organisation."""

    name: str
    people: int
    tickets: int


def seed_demo(password: str, *, now: datetime) -> Iterator[Seeded]:
    """Make the organisations that are not there yet, each in one transaction."""
    for organisation in ORGANISATIONS:
        if not Tenant.objects.filter(slug=organisation.slug).exists():
            yield _seed(organisation, password, now)


def _seed(organisation: Organisation, password: str, now: datetime) -> Seeded:
    began = now - FOUNDED
    with transaction.atomic():
        tenant = create_tenant(organisation.slug, organisation.name, now=began, is_demo=True)
        with inside(tenant.pk):
            cast = assemble(tenant, organisation, password, now=began)
            honour(cast, now=now)
            stage = Stage(cast)
            for scene in scenes(organisation, now):
                stage.play(scene)
            _settle(tenant, now)
    return Seeded(organisation.name, len(cast.people), len(stage.opened))


def _settle(tenant: Tenant, now: datetime) -> None:
    """Bring the tenant to the present: what is told, what is late, what waited too long."""
    while advance(tenant.pk):
        pass
    _pass_over(tenant, now - RECENT)
    nova = system_of(tenant.pk)
    vip.apply_due(tenant.pk, actor=nova, now=now)
    while sla.sweep(tenant.pk, actor=nova, now=now, limit=SWEEP) == SWEEP:
        pass
    lift_waiting(tenant.pk, actor=nova, now=now)


def _pass_over(tenant: Tenant, until: datetime) -> None:
    """Let consumers begin with what happened after `until`."""
    before = EventRecord.objects.filter(tenant=tenant, occurred_at__lt=until)
    latest = before.order_by("-sequence").values_list("sequence", flat=True).first()
    ConsumerCursor.objects.bulk_create(
        ConsumerCursor(tenant=tenant, consumer=path, sequence=latest or 0, moved_at=until)
        for path in settings.EVENT_CONSUMERS
    )
