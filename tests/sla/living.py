"""Live through a ticket's life at given instants, and look at its clocks afterwards."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from nova.accounts.models import User
from nova.accounts.system import system_of
from nova.events.models import EventRecord
from nova.tenancy import fence
from sla.choices import Metric
from sla.ledger import Kind
from sla.models import Calendar, Clock, LedgerEntry, Policy
from sla.rules import Standing, measure
from sla.services import create_policy, publish_policy, sweep
from tests.factories import NOW
from tickets import services as tickets
from tickets.models import Ticket

AROUND_THE_CLOCK = "Around the clock"
MINUTE = timedelta(minutes=1)


def minutes(count: float) -> datetime:
    """Return the instant so many minutes after ten o'clock on a Tuesday."""
    return NOW + MINUTE * count


def promise(resolution: int, response: int = 600, **fields) -> Policy:
    """Promise everything so many minutes around the clock, before all that the seeds promise."""
    terms = {key: fields.pop(key) for key in ("reopen", "pause_on", "on_change") if key in fields}
    minutes = {Metric.RESPONSE: response, Metric.RESOLUTION: resolution}
    targets = [target(metric, count, **terms) for metric, count in minutes.items()]
    named = {"name": fields.pop("name", f"{resolution} minutes"), "order": fields.pop("order", 1)}
    return in_force(targets, conditions=fields, **named)


def target(metric: str, minutes: float, calendar: str = AROUND_THE_CLOCK, **terms) -> dict:
    """Return what a version states for one metric."""
    hours = Calendar.objects.get(name=calendar)
    return {"metric": metric, "seconds": int(minutes * 60), "calendar": hours, **terms}


def in_force(targets: list[dict], *, name: str, order: int = 1, conditions=None) -> Policy:
    """Return a published policy, arranged by Nova itself."""
    acting = {"actor": system_of(int(fence.current())), "now": NOW}
    policy = create_policy(name, order, conditions or {}, targets, **acting)
    return publish_policy(policy.pk, **acting)


def move(ticket: Ticket, to: str, actor: User, at: datetime) -> None:
    tickets.move_ticket(ticket.pk, to, actor=actor, now=at, reason="As asked")


def sweep_at(actor: User, at: datetime) -> int:
    return sweep(actor.tenant_id, actor=actor, now=at)


def clock(ticket: Ticket, metric: str = Metric.RESOLUTION) -> Clock:
    """Return the latest cycle."""
    return Clock.objects.filter(ticket=ticket, metric=metric).latest("number")


def ledger(ticket: Ticket, metric: str = Metric.RESOLUTION) -> list[tuple[str, float]]:
    """Return what was written, in the order of writing: kind, and minutes since ten o'clock."""
    rows = LedgerEntry.objects.filter(ticket=ticket, metric=metric).order_by("pk")
    return [(row.kind, (row.at - NOW) / MINUTE) for row in rows]


def folded(ticket: Ticket, metric: str, as_of: datetime) -> tuple[Standing, ...]:
    """Return what the ledger alone says of each cycle."""
    rows = LedgerEntry.objects.filter(ticket=ticket, metric=metric).order_by("pk")
    return measure([row.entry() for row in rows], as_of)


def breaches(ticket: Ticket) -> list[tuple[str, int, float]]:
    """Return every breach that was announced: metric, cycle, minutes since ten o'clock."""
    return [
        (
            payload["metric"],
            payload["cycle"],
            (datetime.fromisoformat(payload["breached_at"]) - NOW) / MINUTE,
        )
        for payload in told(ticket, "sla.ClockBreached")
    ]


def breaches_written(ticket: Ticket) -> list[tuple[str, float]]:
    """Return every breach in the ledgers: metric, minutes since ten o'clock."""
    rows = LedgerEntry.objects.filter(ticket=ticket, kind=Kind.BREACHED).order_by("pk")
    return [(row.metric, (row.at - NOW) / MINUTE) for row in rows]


def marks(ticket: Ticket, metric: str = Metric.RESOLUTION) -> list[str]:
    """Return the shares of its time that a clock has passed, without the steps of its version."""
    return [key for key in clock(ticket, metric).fired if key.isdigit()]


def warnings(ticket: Ticket) -> list[tuple[str, int]]:
    return [(said["metric"], said["percent"]) for said in told(ticket, "sla.ClockWarned")]


def told(ticket: Ticket, name: str) -> Iterable[dict]:
    records = EventRecord.objects.about("ticket", ticket.pk).filter(name=name)
    return list(records.values_list("payload", flat=True))
