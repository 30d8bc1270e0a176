"""What the parts of a ticket's page show, each with as many queries for few rows as for many."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from nova.accounts.models import Proxy, User
from tickets import rules
from tickets.acts import UNTAKEN, added, may, steps_from
from tickets.choices import Status
from tickets.conversation import attachments_of
from tickets.facts import facts_of, own_fields
from tickets.forms import TimeForm
from tickets.lens import Lens
from tickets.models import Attachment, Ticket
from tickets.reading import worked_on
from tickets.rows import row_of
from tickets.shape import Shape, shapes
from tickets.timeline import file_shown

LABELS = dict(Status.choices)
ENTRIES = 20
FAR = 100  # a place further down the queue is not counted
Context = dict[str, Any]


@dataclass(frozen=True, slots=True)
class StageShown:
    """One stay in a stage, as the track takes it."""

    status: str
    label: str
    entered_at: datetime
    seconds: float
    is_current: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where a ticket stands in the queue. `number` None: further down than is counted."""

    number: int | None
    score: int
    take_by: datetime | None  # None: it waits for somebody else


def shape_of(ticket: Ticket, user: User, *, now: datetime) -> Shape:
    [shape] = shapes([ticket.pk], Lens.of(user), now=now)
    return shape


def head_of(ticket: Ticket, shape: Shape, user: User, newest: int) -> Context:
    """Return what the head shows: who it is for, its way, and what can be done next."""
    row, can = row_of(shape), may(user.has_perm)
    is_untaken = row.assignee is None or ticket.status in UNTAKEN
    is_free = row.assignee is None or ticket.assignee_id == user.pk
    return {
        "ticket": row,
        "may": can,
        "steps": steps_from(ticket.status),
        "stages": stages_of(shape),
        "added_acts": added(user.has_perm) if ticket.is_open else [],
        "can_take": ticket.is_open and is_untaken and is_free and can["assign"] and can["move"],
        "is_watching": any(watcher["id"] == user.pk for watcher in shape["watchers"]),
        "newest": newest,
    }


def stages_of(shape: Shape) -> list[StageShown]:
    """Return every stay in a stage, the present one last."""
    stays = shape["stages"]
    return [
        StageShown(
            status=stay["status"],
            label=str(LABELS[stay["status"]]),
            entered_at=datetime.fromisoformat(stay["entered_at"]),
            seconds=stay["seconds"],
            is_current=stay is stays[-1],
        )
        for stay in stays
    ]


def files_of(ticket: Ticket, user: User) -> list[Attachment]:
    """Return the files of a ticket that a person may see, oldest first."""
    return list(attachments_of(ticket, Lens.of(user)))


def side_of(
    ticket: Ticket, shape: Shape, user: User, files: Sequence[Attachment], *, now: datetime
) -> Context:
    """Return what the side shows: people, facts, the place in the queue, files, time."""
    can = may(user.has_perm)
    own = own_fields(ticket.kind)
    row = row_of(shape)
    return {
        "ticket": row,
        "may": can,
        "people": row.shape,
        "proxies": proxies_of(ticket, now),
        "facts": facts_of(shape, own, can_edit=can["edit"]),
        "place": place_of(ticket, shape, user),
        "files": [file_shown(ticket, file) for file in files],
        **time_of(ticket),
    }


def proxies_of(ticket: Ticket, now: datetime) -> list[Proxy]:
    """Return who acts for the requester now, as anybody's requester may have them."""
    acting = Proxy.objects.filter(person=ticket.requester_id).in_force(now)
    return list(acting.select_related("proxy").order_by("proxy__name", "pk"))


def time_of(ticket: Ticket) -> Context:
    """Return the working time recorded on a ticket, and the form to record more."""
    entries = worked_on(ticket, most=ENTRIES)
    total = entries[0].total if entries else 0
    return {"entries": entries, "total_seconds": total * 60, "time_form": TimeForm()}


def place_of(ticket: Ticket, shape: Shape, user: User) -> Place | None:
    """Return the place of an open ticket, for those who may know why it is there."""
    if "queue" not in shape or not ticket.is_open:
        return None
    others = Ticket.objects.visible_to(user).unresolved().exclude(pk=ticket.pk)
    score, at = ticket.vip_priority_score, ticket.queue_at
    # Two ranges of the queue's index, each read no further than it is told.
    higher = others.filter(vip_priority_score__gt=score).order_by()[:FAR].count()
    sooner = others.filter(vip_priority_score=score, queue_at__lt=at).order_by()[:FAR].count()
    ahead = higher + sooner
    waits = ticket.next_due_at is None and ticket.status in rules.AWAITING
    return Place(ahead + 1 if ahead < FAR else None, score, None if waits else at)


def panels_of(ticket: Ticket, user: User) -> list[str]:
    """Return the addresses of what other apps show beside a ticket to this viewer."""
    return [
        reverse(name, args=[ticket.reference])
        for name, permission in settings.TICKET_PANELS
        if user.has_perm(permission)
    ]
