"""A ticket's life: from stage to stage, and closing what was solved days ago."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from nova.accounts.models import User
from nova.errors import Refused
from nova.events.bus import publish_all
from nova.tenancy.rows import insert_rows
from nova.text import is_blank
from tickets import rules
from tickets.choices import Status
from tickets.events import TicketMoved
from tickets.models import DONE, DeskSettings, StageVisit, Ticket
from tickets.services.locking import hold, hold_all, write_changed

MOVED = [
    "status",
    "status_since",
    "queue_at",
    "awaiting_reason",
    "responded_at",
    "resolved_at",
    "closed_at",
    "resolution",
    "resolution_code",
    "reopen_count",
]
VISIT = ("tenant_id", "ticket_id", "status", "entered_at")


class TransitionRefused(Refused):
    """The ticket cannot go from its present stage to the one asked for."""


@dataclass(frozen=True, kw_only=True)
class Move:
    """Where tickets shall go, and in which words."""

    to: str
    reason: str = ""
    resolution: str = ""
    resolution_code: str = ""


@transaction.atomic
def move_ticket(
    ticket_id: int,
    to: str,
    *,
    actor: User,
    now: datetime,
    reason: str = "",
    resolution: str = "",
    resolution_code: str = "",
    version: int | None = None,
    on_behalf_of: User | None = None,
) -> Ticket:
    """Move a ticket to another stage. Awaiting stages need a reason, readable to technicians.

    `on_behalf_of` is the requester in whose name the actor confirms or reopens.

    Raises `TransitionRefused` when the stage cannot follow the present one, or lacks its reason.
    """
    ticket = hold(ticket_id, version=version)
    move = Move(to=to, reason=reason, resolution=resolution, resolution_code=resolution_code)
    for refusal in refusals([ticket], move, now=now).values():
        raise refusal
    move_held([ticket], move, actor=actor, on_behalf_of=on_behalf_of, now=now)
    return ticket


@transaction.atomic
def close_settled(tenant_id: int, *, actor: User, now: datetime, limit: int = 500) -> int:
    """Close what has been resolved for the tenant's number of days; return how many."""
    days = DeskSettings.objects.get(tenant_id=tenant_id).auto_close_days
    settled = Ticket.objects.filter(
        tenant_id=tenant_id,
        status=Status.RESOLVED,
        deleted_at=None,
        resolved_at__lte=now - timedelta(days=days),
    ).values_list("pk", flat=True)
    reason = _("Closed %(days)s days after it was resolved") % {"days": days}
    move = Move(to=Status.CLOSED, reason=reason)
    held = hold_all(settled[:limit])
    refused = refusals(held, move, now=now)  # what somebody took up again meanwhile
    closed = [ticket for ticket in held if ticket.pk not in refused]
    move_held(closed, move, actor=actor, now=now)
    return len(closed)


def refusals(
    tickets: Sequence[Ticket], move: Move, *, now: datetime
) -> dict[int, TransitionRefused]:
    """Return by id of a ticket why it cannot be moved so."""
    closed = next((ticket for ticket in tickets if ticket.status == Status.CLOSED), None)
    days = DeskSettings.objects.get(tenant_id=closed.tenant_id).reopen_days if closed else 0
    found = ((ticket, _refusal(ticket, move, now - timedelta(days=days))) for ticket in tickets)
    return {ticket.pk: TransitionRefused(message) for ticket, message in found if message}


def move_held(
    tickets: Sequence[Ticket],
    move: Move,
    *,
    actor: User,
    now: datetime,
    on_behalf_of: User | None = None,
) -> None:
    """Move tickets that the transaction holds, and that do not refuse.

    Who had to wait for another's move is dated after it, so that no stage ends before it began.
    """
    now = max([now, *(ticket.status_since for ticket in tickets)])
    events = [_enter(ticket, move, now) for ticket in tickets]
    write_changed(tickets, MOVED, now=now)
    _turn_page(tickets, now)
    publish_all(events, actor=actor, on_behalf_of=on_behalf_of, now=now)


def _refusal(ticket: Ticket, move: Move, reopenable_since: datetime) -> str:
    """Return what keeps a ticket from a move; "" when nothing does."""
    names = {"ticket": ticket.reference, "now": ticket.get_status_display()}
    if ticket.deleted_at:
        return _("%(ticket)s is deleted. Restore it first.") % names
    if ticket.merged_into_id and move.to == Status.REOPENED:
        return (
            _("%(ticket)s was a duplicate. Go on in the ticket that it was merged into.") % names
        )
    if not rules.may_become(ticket.status, move.to):
        names["then"] = str(Status(move.to).label)
        return _("%(ticket)s is %(now)s and cannot become %(then)s.") % names
    if move.to in rules.AWAITING and is_blank(move.reason):
        return _("Say what %(ticket)s waits for.") % names
    closed_at = ticket.closed_at if ticket.status == Status.CLOSED else None
    if closed_at and closed_at < reopenable_since:
        return _("%(ticket)s was closed too long ago. Open a new ticket.") % names
    return ""


def _enter(ticket: Ticket, move: Move, now: datetime) -> TicketMoved:
    """Set the columns of the new stage; return what to tell of it."""
    before, to = ticket.status, Status(move.to)
    is_response = ticket.responded_at is None and rules.is_first_response(to)
    if is_response:
        ticket.responded_at = now
    if to == Status.REOPENED:
        ticket.reopen_count += 1
    if to == Status.RESOLVED:
        ticket.resolution, ticket.resolution_code = move.resolution, move.resolution_code
    ticket.awaiting_reason = move.reason if to in rules.AWAITING else ""
    ticket.resolved_at = (ticket.resolved_at or now) if to in DONE else None
    ticket.closed_at = now if to == Status.CLOSED else None
    ticket.status, ticket.status_since = to, now
    if ticket.next_due_at is None:  # otherwise its clocks say where it stands
        ticket.queue_at = rules.stands_at(to, now, ticket.opened_at, ticket.priority)
    return TicketMoved(
        tenant_id=ticket.tenant_id,
        ticket_id=ticket.pk,
        before=before,
        after=to,
        reason=move.reason,
        is_response=is_response,
    )


def _turn_page(tickets: Sequence[Ticket], now: datetime) -> None:
    present = StageVisit.objects.filter(ticket_id__in=[t.pk for t in tickets], left_at=None)
    present.update(left_at=now)
    enter_stage(tickets, now)


def enter_stage(tickets: Sequence[Ticket], now: datetime) -> None:
    """Begin a stay of each ticket in the stage that it has."""
    rows = [(ticket.tenant_id, ticket.pk, ticket.status, now) for ticket in tickets]
    insert_rows(StageVisit, VISIT, [dict(zip(VISIT, row, strict=True)) for row in rows])
