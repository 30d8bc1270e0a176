"""A ticket's life: from stage to stage, and closing what was solved days ago."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from nova.accounts.models import User
from nova.errors import Refused
from nova.events.bus import publish
from tickets import rules
from tickets.choices import Status
from tickets.events import TicketMoved
from tickets.models import DONE, DeskSettings, StageVisit, Ticket
from tickets.services.locking import hold

MOVED = [
    "status",
    "status_since",
    "awaiting_reason",
    "responded_at",
    "resolved_at",
    "closed_at",
    "resolution",
    "resolution_code",
    "reopen_count",
    "updated_at",
    "version",
]


class TransitionRefused(Refused):
    """The ticket cannot go from its present stage to the one asked for."""


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
) -> Ticket:
    """Move a ticket to another stage. Awaiting stages need a reason, readable to technicians.

    Raises `TransitionRefused` when the stage cannot follow the present one, or lacks its reason.
    """
    ticket = hold(ticket_id, version=version)
    _check(ticket, to, reason, now)
    before = ticket.status
    is_response = _enter(ticket, Status(to), reason, now)
    if to == Status.RESOLVED:
        ticket.resolution = resolution
        ticket.resolution_code = resolution_code
    ticket.save(update_fields=MOVED)
    _turn_page(ticket, now)
    event = TicketMoved(
        tenant_id=ticket.tenant_id,
        ticket_id=ticket.pk,
        before=before,
        after=to,
        reason=reason,
        is_response=is_response,
    )
    publish(event, actor=actor, now=now)
    return ticket


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
    closed = list(settled[:limit])
    for ticket_id in closed:
        move_ticket(ticket_id, Status.CLOSED, actor=actor, now=now, reason=reason)
    return len(closed)


def _check(ticket: Ticket, to: str, reason: str, now: datetime) -> None:
    names = {"ticket": ticket.reference, "now": ticket.get_status_display()}
    if ticket.deleted_at:
        raise TransitionRefused(_("%(ticket)s is deleted. Restore it first.") % names)
    if not rules.may_become(ticket.status, to):
        names["then"] = str(Status(to).label)
        message = _("%(ticket)s is %(now)s and cannot become %(then)s.")
        raise TransitionRefused(message % names)
    if to in rules.AWAITING and not reason.strip():
        raise TransitionRefused(_("Say what %(ticket)s waits for.") % names)
    if ticket.status == Status.CLOSED and ticket.closed_at:
        days = DeskSettings.objects.get(tenant_id=ticket.tenant_id).reopen_days
        if now - ticket.closed_at > timedelta(days=days):
            message = _("%(ticket)s was closed too long ago. Open a new ticket.")
            raise TransitionRefused(message % names)


def _enter(ticket: Ticket, to: Status, reason: str, now: datetime) -> bool:
    """Set the columns of the new stage; return whether this was the first response."""
    is_response = ticket.responded_at is None and rules.is_first_response(to)
    if is_response:
        ticket.responded_at = now
    if to == Status.REOPENED:
        ticket.reopen_count += 1
    ticket.awaiting_reason = reason if to in rules.AWAITING else ""
    ticket.resolved_at = (ticket.resolved_at or now) if to in DONE else None
    ticket.closed_at = now if to == Status.CLOSED else None
    ticket.status, ticket.status_since = to, now
    ticket.updated_at = now
    ticket.version += 1
    return is_response


def _turn_page(ticket: Ticket, now: datetime) -> None:
    StageVisit.objects.filter(ticket=ticket, left_at=None).update(left_at=now)
    StageVisit.objects.create(
        tenant_id=ticket.tenant_id, ticket=ticket, status=ticket.status, entered_at=now
    )
