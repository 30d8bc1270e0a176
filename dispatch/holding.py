"""Who has which open ticket, since when, and what they did about it: what the balancer sees."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Max

from dispatch.balancing.facts import Held
from dispatch.engine.facts import Job
from dispatch.models import Decision, Engineer
from nova.accounts.choices import PersonKind
from nova.events.models import EventRecord
from tickets.choices import Status
from tickets.models import Ticket
from tickets.models.ticket import QUEUE_ORDER
from tickets.rules import AWAITING

MOST = 2000  # tickets that are looked at in one round
FRESH = (Status.NEW, Status.REOPENED)
BEGUN = (Status.DIAGNOSING, Status.IN_PROGRESS)
# What was done longer ago than any limit asks for is not read.
LOOKED_BACK = timedelta(days=1)


class Given(NamedTuple):
    """When somebody was given a ticket, and whether by a person."""

    at: datetime
    is_on_purpose: bool


def open_tickets(tenant_id: int) -> list[Ticket]:
    """Return what waits and what engineers have, in the order of the queue."""
    held = Ticket.objects.unresolved().filter(tenant=tenant_id)
    engineers = Engineer.objects.values("person")
    found = held.filter(assignee=None) | held.filter(assignee__in=engineers)
    return list(found.order_by(*QUEUE_ORDER)[:MOST])


def held_of(tickets: Sequence[Ticket], jobs: Sequence[Job], now: datetime) -> list[Held]:
    """Return each ticket with its job and what its holder did. Three queries."""
    pks = [ticket.pk for ticket in tickets]
    given, touched, moved = _given(pks), _touched(pks, now), _moved(pks)
    return [
        _held(ticket, job, given, touched.get((ticket.pk, ticket.assignee_id)), moved)
        for ticket, job in zip(tickets, jobs, strict=True)
    ]


def _held(
    ticket: Ticket,
    job: Job,
    given: Mapping[int, Given],
    touched_at: datetime | None,
    moved: Mapping[int, tuple[datetime, int | None]],
) -> Held:
    moved_at, from_pk = moved.get(ticket.pk, (None, None))
    found = Held(job=job, holder=ticket.assignee_id, moved_at=moved_at, from_pk=from_pk)
    if ticket.assignee_id is None:
        return found
    since = given.get(ticket.pk)
    return replace(
        found,
        given_at=since.at if since else ticket.opened_at,
        touched_at=touched_at,
        is_acknowledged=ticket.status not in FRESH,
        is_begun=ticket.status in BEGUN,
        is_paused=ticket.status in AWAITING,
        is_on_purpose=bool(since and since.is_on_purpose),
        due_at=ticket.next_due_at,
    )


def _given(pks: Sequence[int]) -> dict[int, Given]:
    """Return by ticket when its assignee was set last."""
    facts = EventRecord.objects.filter(
        subject="ticket", subject_id__in=pks, name="tickets.TicketAssigned"
    ).filter(payload__changes__has_key="assignee")
    rows = facts.order_by("id").values_list("subject_id", "occurred_at", "actor__kind")
    return {ticket: Given(at, kind == PersonKind.PERSON) for ticket, at, kind in rows if ticket}


def _touched(pks: Sequence[int], now: datetime) -> dict[tuple[int, int | None], datetime]:
    """Return by ticket and person when they did something about it last."""
    facts = EventRecord.objects.filter(
        subject="ticket", subject_id__in=pks, occurred_at__gt=now - LOOKED_BACK
    )
    rows = facts.values_list("subject_id", "actor_id").annotate(at=Max("occurred_at")).order_by()
    return {(ticket, actor): at for ticket, actor, at in rows if ticket}


def _moved(pks: Sequence[int]) -> dict[int, tuple[datetime, int | None]]:
    """Return by ticket when Nova gave or took it last, and from whom it was taken last."""
    found: dict[int, tuple[datetime, int | None]] = {}
    rows = Decision.objects.filter(ticket__in=pks).order_by("pk")
    for ticket, at, source in rows.values_list("ticket_id", "at", "taken_from_id"):
        found[ticket] = at, source or found.get(ticket, (at, None))[1]
    return found
