"""Fill Nova with two organisations that look alive."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from dispatch import services as dispatch
from nova.accounts.system import system_of
from nova.demo.cast import Cast, assemble, entrust, honour
from nova.demo.crew import engage, roster
from nova.demo.desks import open_desks, promise
from nova.demo.groups import provision
from nova.demo.hiring import hire
from nova.demo.openings import scenes
from nova.demo.overruling import AWAITED, SETTLED, overrule, when_full
from nova.demo.play import Stage, overhear
from nova.demo.plot import Scene
from nova.demo.tables.acme import ACME
from nova.demo.tables.globex import GLOBEX
from nova.demo.tables.shapes import Organisation
from nova.events.models import ConsumerCursor, EventRecord
from nova.events.sequence import advance
from nova.tenancy.fence import inside
from nova.tenancy.models import Tenant
from nova.tenancy.services import create_tenant
from sla import services as sla
from tickets.choices import Status
from tickets.models import Ticket
from tickets.services import lift_waiting
from vip import services as vip

ORGANISATIONS = (ACME, GLOBEX)
FOUNDED = timedelta(days=45)
# Consumers begin with what happened in the last minutes, as if Nova had been started then: of all
# that lies before, nobody gets hundreds of mails at once. Only risk is weighed for what is open,
# and Stardust counts from the first day on.
RECENT = timedelta(minutes=15)
WEIGHS_RISK, COUNTS_STARDUST = "sla.consumers.weigh_risk", "stardust.consumers.follow_moves"
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
            provision(cast, now=began)
            hire(cast, now=began)
            open_desks(cast, now=began)
            engage(cast, now=began)
            honour(cast, now=now)
            entrust(cast, now=now)
            roster(cast, now=now)
            stage = Stage(cast)
            told, asks = deque(scenes(organisation, now)), deque(SETTLED)
            for full in when_full(now - RECENT):
                _play(stage, told, full)
                overrule(cast, asks, now=full)
            _play(stage, told, now - RECENT)
            _switch_on(tenant, now - RECENT)
            _play(stage, told, now)
            _escalate(cast, now)
            overrule(cast, deque(AWAITED), now=now)
            promise(cast, now=now)
            overheard = overhear(cast, now)
    return Seeded(organisation.name, len(cast.people), len(stage.opened) + overheard)


def _play(stage: Stage, told: deque[Scene], until: datetime) -> None:
    while told and told[0].at <= until:
        stage.play(told.popleft())


def _switch_on(tenant: Tenant, now: datetime) -> None:
    """Do what Nova does by itself: note what is late, lift what waited, learn, and consume."""
    past = _number(tenant)
    nova = system_of(tenant.pk)
    vip.apply_due(tenant.pk, actor=nova, now=now)
    while sla.sweep(tenant.pk, actor=nova, now=now, limit=SWEEP) == SWEEP:
        pass
    lift_waiting(tenant.pk, actor=nova, now=now)
    sla.train_predictions(tenant.pk, actor=nova, now=now)
    sla.predict_stale(tenant.pk, actor=nova, now=now, limit=SWEEP)
    dispatch.measure_performance(tenant.pk, actor=nova, now=now)
    present = _number(tenant)
    begin = {WEIGHS_RISK: past, COUNTS_STARDUST: 0}
    ConsumerCursor.objects.bulk_create(
        ConsumerCursor(
            tenant=tenant,
            consumer=path,
            sequence=begin.get(path, present),
            moved_at=now,
        )
        for path in settings.EVENT_CONSUMERS
    )


def _escalate(cast: Cast, now: datetime) -> None:
    """Escalate by hand what waits for somebody else and is most pressing."""
    waiting = Ticket.objects.filter(tenant=cast.tenant, status=Status.AWAITING_DEPENDENCY)
    ticket = waiting.order_by("priority", "opened_at").first()
    if ticket:
        reason = "The supplier has not answered since this morning; who can call them?"
        actor = cast.people["tech"]
        sla.escalate_ticket(ticket.pk, reason=reason, actor=actor, now=now)


def _number(tenant: Tenant) -> int:
    """Number all events, and return the last number."""
    while advance(tenant.pk):
        pass
    return EventRecord.objects.filter(tenant=tenant).aggregate(last=Max("sequence"))["last"] or 0
