"""Tickets as they were when they were resolved, however long ago that is by now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from nova.events.models import EventRecord
from stardust.rules import Resolved, percent_of
from tickets.choices import Status
from tickets.events import TicketAssigned, TicketEdited, TicketMarked, TicketMoved
from tickets.models import Ticket

CHANGES = (TicketAssigned.name, TicketEdited.name)
TURNS = (*CHANGES, TicketMarked.name, TicketMoved.name)


@dataclass(frozen=True)
class Moment:
    """That a ticket was resolved: by which fact, who had it then, and as what.

    `reopened` is the first fact since by which it was not solved after all.
    """

    fact: EventRecord
    ticket: Ticket
    assignee_id: int | None
    resolved: Resolved
    reopened: EventRecord | None


def moments_of(facts: Sequence[EventRecord]) -> list[Moment]:
    """Return the moments of these facts, each of which tells that a ticket was resolved.

    A consumer may come late, and what a ticket was then must not depend on that: what has
    changed since is taken back step by step, and its clock is read as of then.
    """
    tickets = Ticket.objects.in_bulk([fact.subject_pk for fact in facts])
    later = _turns_since(facts)
    left = import_string(settings.TIME_LEFT)([(f.subject_pk, f.occurred_at) for f in facts])
    return [
        _moment(fact, tickets[fact.subject_pk], later.get(fact.subject_pk, ()), remained)
        for fact, remained in zip(facts, left, strict=True)
    ]


def is_to(fact: EventRecord, stage: str) -> bool:
    """Say whether by this fact a ticket entered a stage."""
    return fact.name == TicketMoved.name and fact.payload["after"] == stage


def _turns_since(facts: Sequence[EventRecord]) -> dict[int, list[EventRecord]]:
    """Return by ticket what happened to it after the first of these facts, the latest first."""
    turns = EventRecord.objects.filter(
        subject="ticket",
        subject_id__in={fact.subject_pk for fact in facts},
        pk__gt=min(fact.pk for fact in facts),
        name__in=TURNS,
    )
    found: dict[int, list[EventRecord]] = {}
    for turn in turns.order_by("-pk"):
        found.setdefault(turn.subject_pk, []).append(turn)
    return found


def _moment(
    fact: EventRecord,
    ticket: Ticket,
    turns: Iterable[EventRecord],
    left: tuple[int, int] | None,
) -> Moment:
    since = [turn for turn in turns if turn.pk > fact.pk]
    reopened = next((turn for turn in reversed(since) if is_to(turn, Status.REOPENED)), None)
    was = _as_before(ticket, since)
    assignee_id = was.pop("assignee")
    resolved = Resolved(
        percent_left=None if left is None else percent_of(remaining=left[1], target=left[0]),
        is_own=assignee_id == ticket.requester_id,
        **was,
    )
    return Moment(fact, ticket, assignee_id, resolved, reopened)


def _as_before(ticket: Ticket, turns: Iterable[EventRecord]) -> dict[str, Any]:
    """Return what decides of a ticket, without what these facts changed, the latest first."""
    was: dict[str, Any] = {
        "assignee": ticket.assignee_id,
        "priority": ticket.priority,
        "kind": ticket.kind,
        "vip_level": ticket.vip_level,
    }
    for turn in turns:
        if turn.name == TicketMarked.name:
            was["vip_level"] = turn.payload["before"]
        elif turn.name in CHANGES:
            was |= {name: _id(v[0]) for name, v in turn.payload["changes"].items() if name in was}
    return was


def _id(value: Any) -> Any:
    return value["id"] if isinstance(value, dict) else value
