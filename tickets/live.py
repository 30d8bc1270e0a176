"""Whose pages hear of tickets: the desk of every change, a requester of public ones only."""

from collections.abc import Iterator

from nova.accounts.models import User
from nova.events.base import Event
from nova.events.models import EventRecord
from nova.live.topics import PUBLIC
from tickets.models import REFERENCE, Ticket

QUEUE = "queue"
# These change nothing that a row of the queue shows.
QUIET = {
    "tickets.NoteAdded",
    "tickets.FileAttached",
    "tickets.WatcherAdded",
    "tickets.WatcherRemoved",
    "tickets.TimeTracked",
    "tickets.TicketRated",
}


def queue_topic(user: User, argument: str) -> str | None:
    """Resolve "queue": the desk's alone."""
    return QUEUE if not argument and user.has_perm("tickets.view_ticket") else None


def ticket_topic(user: User, argument: str) -> str | None:
    """Resolve "ticket:T-1042" for whoever may see that ticket."""
    named = REFERENCE.match(argument)
    if named is None:
        return None
    found = Ticket.objects.visible_to(user).filter(number=int(named[1]))
    ticket_id = found.values_list("pk", flat=True).first()
    if ticket_id is None:
        return None
    group = _group(ticket_id)
    return group if user.has_perm("tickets.view_ticket") else group + PUBLIC


def sources(event: Event, record: EventRecord) -> Iterator[str]:
    """Yield who hears of an event about a ticket, whichever app it comes from."""
    if record.subject != "ticket" or record.subject_id is None:
        return
    if record.name not in QUIET:
        yield QUEUE
    group = _group(record.subject_id)
    yield group
    yield group + PUBLIC


def _group(ticket_id: int) -> str:
    return f"ticket.{ticket_id}"
