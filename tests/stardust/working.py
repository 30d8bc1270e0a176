"""Resolve tickets as a desk does, and let Stardust follow."""

from collections.abc import Sequence
from typing import Any

from nova.accounts.models import User
from nova.events.consumers import consume
from nova.events.models import EventRecord, ParkedEvent
from stardust.consumers import follow_moves
from stardust.models import Entry, StardustSettings
from tests.sla.living import minutes, move
from tests.tickets.making import opened_for
from tickets.models import Ticket
from tickets.services import assign_ticket

Written = list[tuple[str, bool, int]]


def taken(requester: User, worker: User | None, *, at: float = 0, **stated: Any) -> Ticket:
    """Return a ticket that somebody works on, opened so many minutes after ten o'clock."""
    ticket = opened_for(requester, at=minutes(at), **stated)
    if worker:
        assign_ticket(ticket.pk, {"assignee": worker}, actor=worker, now=minutes(at))
    return ticket


def resolve(ticket: Ticket, actor: User, at: float) -> None:
    move(ticket, "resolved", actor, minutes(at))


def reopen(ticket: Ticket, actor: User, at: float) -> None:
    move(ticket, "reopened", actor, minutes(at))


def solved(requester: User, worker: User, *, at: float = 0, after: float = 30, **stated: Any):
    """Return a ticket that was resolved so many minutes after it was opened."""
    ticket = taken(requester, worker, at=at, **stated)
    resolve(ticket, worker, at + after)
    return ticket


def follow(person: User, at: float = 600) -> None:
    """Let every consumer that the test knows read on."""
    consume(person.tenant_id, now=minutes(at))
    assert not ParkedEvent.objects.values_list("error")


def moves() -> Sequence[EventRecord]:
    return EventRecord.objects.filter(name="tickets.TicketMoved").order_by("pk")


def follow_again() -> None:
    """Give Stardust all that it has read before, as after a restore of an older cursor."""
    follow_moves(list(moves()))


def written(**wanted: Any) -> Written:
    """Return the ledger: kind, whether it is a bonus, points."""
    rows = Entry.objects.filter(**wanted).order_by("pk")
    return list(rows.values_list("kind", "is_bonus", "points"))


def settle(person: User, **stated: Any) -> StardustSettings:
    return StardustSettings.objects.create(tenant_id=person.tenant_id, **stated)
