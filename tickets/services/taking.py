"""Taking a ticket: it is mine now, and its requester is answered for."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from nova.accounts.models import User
from nova.errors import Refused
from tickets.choices import Status
from tickets.models import Ticket
from tickets.services.editing import assign_held
from tickets.services.locking import hold, refuse_deleted
from tickets.services.moving import Move, move_held

WAITING = (Status.NEW, Status.REOPENED)


@transaction.atomic
def take_ticket(ticket_id: int, *, actor: User, now: datetime) -> Ticket:
    """Assign a ticket to the actor, and acknowledge it where nobody has yet.

    Refused when somebody else has it: that is to be reassigned, with a reason.
    """
    ticket = hold(ticket_id)
    if ticket.assignee_id not in (None, actor.pk):
        names = {"ticket": ticket.reference, "person": str(ticket.assignee)}
        raise Refused(_("%(person)s has taken %(ticket)s already.") % names)
    refuse_deleted(ticket)
    assign_held([ticket], {"assignee": actor}, reason="", actor=actor, now=now)
    if ticket.status in WAITING:
        move_held([ticket], Move(to=Status.ACKNOWLEDGED), actor=actor, now=now)
    return ticket
