"""Two tickets about the same thing: one goes on, the other ends as its duplicate."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from nova.accounts.models import User
from nova.errors import Refused, Stale
from nova.events.bus import publish
from tickets.choices import ResolutionCode, Status
from tickets.events import TicketMerged
from tickets.models import Ticket
from tickets.services.conversation import add_comment
from tickets.services.locking import hold_all, refuse_deleted, write_changed
from tickets.services.moving import Move, move_held


@transaction.atomic
def merge_ticket(
    ticket_id: int,
    into_id: int,
    *,
    actor: User,
    now: datetime,
    reason: str = "",
    version: int | None = None,
) -> Ticket:
    """End a ticket as the duplicate of another, which gets its words as an internal note.

    Its clocks end without a verdict: the promise lives on in the other ticket. Raises `Refused`
    where one of the two is deleted, merged or done already.
    """
    held = {ticket.pk: ticket for ticket in hold_all([ticket_id, into_id])}
    ticket, into = held[ticket_id], held[into_id]
    if version is not None and version != ticket.version:
        message = _("%(ticket)s was changed by somebody else. Look at it again.")
        raise Stale(message % {"ticket": ticket.reference})
    _check(ticket, into)
    ticket.merged_into = into
    write_changed([ticket], ["merged_into_id"], now=now)
    event = TicketMerged(
        tenant_id=ticket.tenant_id,
        ticket_id=ticket.pk,
        into_id=into.pk,
        into=into.reference,
        reason=reason,
    )
    publish(event, actor=actor, now=now)
    add_comment(into.pk, _words_of(ticket, reason), actor=actor, now=now, is_internal=True)
    for move in _ending(into):
        move_held([ticket], move, actor=actor, now=now)
    return ticket


def _check(ticket: Ticket, into: Ticket) -> None:
    for one in (ticket, into):
        refuse_deleted(one)
    names = {"ticket": ticket.reference, "into": into.reference}
    if ticket.pk == into.pk:
        raise Refused(_("%(ticket)s cannot be merged into itself.") % names)
    if not ticket.is_open:
        raise Refused(_("%(ticket)s is done already.") % names)
    if into.merged_into_id:
        raise Refused(_("%(into)s was merged into another ticket itself.") % names)
    if not into.is_open:  # no promise would live on
        raise Refused(_("%(into)s is done already. Reopen it first.") % names)


def _words_of(ticket: Ticket, reason: str) -> str:
    """Return what the other ticket's readers need of a duplicate."""
    names = {"ticket": ticket.reference, "title": ticket.title, "who": ticket.requester}
    head = _("%(ticket)s, “%(title)s”, for %(who)s, was merged into this.") % names
    return "\n\n".join(filter(None, [head, reason, ticket.description]))


def _ending(into: Ticket) -> tuple[Move, Move]:
    """Return how a duplicate ends. Its requester may not know the other ticket, so is not told."""
    said = _("This is dealt with together with another report of the same.")
    resolved = Move(to=Status.RESOLVED, resolution=said, resolution_code=ResolutionCode.DUPLICATE)
    reason = _("Merged into %(into)s") % {"into": into.reference}
    return resolved, Move(to=Status.CLOSED, reason=reason)
