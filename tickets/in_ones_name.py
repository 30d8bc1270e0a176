"""What others did in a person's name, told to that person in the portal's words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from nova.accounts.models import User
from nova.events.models import EventQuerySet, EventRecord
from tickets.choices import Status
from tickets.models import Ticket

# Of moves only a verdict is an act: that work goes on after an answer follows by itself.
VERDICTS = (Status.CLOSED, Status.REOPENED)
SAID = Q(
    name__in=[
        *("tickets.TicketOpened", "tickets.CommentAdded"),
        *("tickets.FileAttached", "tickets.TicketRated"),
    ],
    subject="ticket",
)
DECIDED = Q(name="tickets.TicketMoved", subject="ticket", payload__after__in=VERDICTS)


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that somebody did in the name of who reads it."""

    at: datetime
    actor: str
    words: str
    reference: str
    title: str
    url: str


def acts_for(person: User) -> EventQuerySet:
    """Return what others did in a person's name, the newest first."""
    return EventRecord.objects.in_name_of(person.pk).filter(SAID | DECIDED)


def acted_on(ticket: Ticket, person: User) -> list[str]:
    """Return the names of those who did something on a ticket in a person's name."""
    found = acts_for(person).filter(subject_id=ticket.pk).order_by("actor__name", "actor")
    return list(found.values_list("actor__name", flat=True).distinct())


def told(records: Iterable[EventRecord], person: User) -> list[Act]:
    """Return acts as the page tells them; what is about a ticket that was deleted is left out."""
    facts = list(records)
    tickets = {t.pk: t for t in _tickets(facts, person)}
    actors = {p.pk: p for p in User.objects.filter(pk__in={fact.actor_id for fact in facts})}
    return [
        _act(fact, tickets[fact.subject_pk], actors[fact.actor_id])
        for fact in facts
        if fact.subject_id in tickets
    ]


def _tickets(facts: Sequence[EventRecord], person: User) -> Iterable[Ticket]:
    found = Ticket.objects.concerning(person).filter(pk__in={fact.subject_id for fact in facts})
    return found.only("number", "title")


def _act(fact: EventRecord, ticket: Ticket, actor: User) -> Act:
    return Act(
        at=fact.occurred_at,
        actor=str(actor),
        words=_words(fact.name, fact.payload),
        reference=ticket.reference,
        title=ticket.title,
        url=reverse("portal:ticket", args=[ticket.reference]),
    )


def _words(name: str, payload: dict[str, Any]) -> str:
    match name:
        case "tickets.TicketOpened":
            return _("reported it for you")
        case "tickets.CommentAdded":
            return _("answered for you")
        case "tickets.FileAttached":
            return _("sent %(file)s for you") % {"file": payload["file_name"]}
        case "tickets.TicketRated":
            return _("rated for you how it was")
    is_solved = payload["after"] == Status.CLOSED
    return (
        _("said for you that it is solved")
        if is_solved
        else _("said for you that it is not solved")
    )
