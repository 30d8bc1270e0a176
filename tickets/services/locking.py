"""How a verb takes hold of a ticket."""

from django.utils.translation import gettext as _

from nova.errors import Stale
from tickets.models import Ticket


def hold(ticket_id: int, *, version: int | None = None) -> Ticket:
    """Return the ticket, locked until the transaction ends.

    Raises `Stale` when `version` is given and somebody changed the ticket since.
    """
    ticket = Ticket.objects.select_for_update(of=["self"]).get(pk=ticket_id)
    if version is not None and version != ticket.version:
        message = _("%(ticket)s was changed by somebody else. Look at it again.")
        raise Stale(message % {"ticket": ticket.reference})
    return ticket
