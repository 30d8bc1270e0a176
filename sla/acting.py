"""What steps do to tickets, through the verbs of the desk."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from nova.accounts.chain import Search
from nova.accounts.models import User
from nova.accounts.system import system_of
from nova.events.bus import publish
from nova.events.models import EventRecord
from sla.choices import Reassign, Whom
from sla.events import ReviewOpened
from sla.ladders import LADDERS
from sla.organisation import organisation_of
from sla.step_words import moment_of
from sla.steps import Escalation
from tickets import services as tickets
from tickets.choices import Kind, Level, Source
from tickets.intake import TicketDraft
from tickets.models import Ticket
from tickets.places import places_of

# An assignee who did something this lately is at it: then nobody takes it from them.
RECENTLY = timedelta(minutes=15)
HIGHER = {Level.LOW: Level.MEDIUM, Level.MEDIUM: Level.HIGH}
LONGEST_TITLE = 250


def reassign(ticket: Ticket, step: Escalation, *, now: datetime) -> None:
    """Give a ticket to its backup if at work, or else to its team's lead.

    Not while its assignee is at it.

    Who had it becomes the backup where the backup got it.
    """
    if _is_at_it(ticket, now):
        return
    people: dict[str, User | None] = {}
    if step.reassign_to == Reassign.BACKUP and _is_at_work(ticket.backup, now):
        people = {"assignee": ticket.backup, "backup": ticket.assignee}
    elif ticket.team and _is_there(ticket.team.lead, now):
        people = {"assignee": ticket.team.lead}
    if people:
        reason = _("Nobody was at it %(moment)s of its time") % {"moment": moment_of(step.step)}
        actor = system_of(ticket.tenant_id)
        tickets.assign_ticket(ticket.pk, people, reason=reason, actor=actor, now=now)


def raise_priority(ticket: Ticket, moment: str, *, now: datetime) -> None:
    """Make a ticket more urgent by one, or where it is as urgent as can be, of more impact."""
    for name in ("urgency", "impact"):
        higher = HIGHER.get(Level(getattr(ticket, name)))
        if higher:
            actor = system_of(ticket.tenant_id)
            tickets.edit_ticket(ticket.pk, {name: higher}, actor=actor, now=now)
            return


def open_review(ticket: Ticket, moment: str, *, now: datetime) -> None:
    """Open a problem that asks what went wrong, for the lead to answer. Once for each ticket."""
    known = EventRecord.objects.about("ticket", ticket.pk).filter(name=ReviewOpened.name)
    lead = None if known.exists() else _lead_of(ticket, now)
    if lead is None:
        return
    actor = system_of(ticket.tenant_id)
    review = tickets.open_ticket(_review_of(ticket, lead, moment, now), actor=actor, now=now)
    tickets.assign_ticket(review.pk, {"assignee": lead}, actor=actor, now=now)
    event = ReviewOpened(
        tenant_id=ticket.tenant_id,
        ticket_id=ticket.pk,
        review_id=review.pk,
        reference=review.reference,
    )
    publish(event, actor=actor, now=now)


def _review_of(ticket: Ticket, lead: User, moment: str, now: datetime) -> TicketDraft:
    words = _("%(ticket)s was escalated %(moment)s of its time. What went wrong, and what helps?")
    title = _("Review: %(ticket)s %(title)s") % {
        "ticket": ticket.reference,
        "title": ticket.title,
    }
    return TicketDraft(
        requester=lead,
        submitted_by=lead,
        title=title[:LONGEST_TITLE],
        description=words % {"ticket": ticket.reference, "moment": moment},
        opened_at=now,
        kind=Kind.PROBLEM,
        source=Source.MONITOR,
        module=ticket.module,
        service_id=ticket.service_id,
        team_id=ticket.team_id,
    )


def _lead_of(ticket: Ticket, now: datetime) -> User | None:
    place = places_of([ticket.pk])[ticket.pk]
    found = Search(organisation_of(ticket.tenant_id), place, now).find(LADDERS[Whom.LEAD])
    return User.objects.get(pk=found.told[0].person.pk) if found.told else None


def _is_at_work(person: User | None, now: datetime) -> bool:
    known = map(import_string, settings.KNOW_WHO_IS_OUT)
    return _is_there(person, now) and not any(is_out(person, now) for is_out in known)


def _is_there(person: User | None, now: datetime) -> bool:
    if person is None or not person.is_active:
        return False
    return person.away_until is None or person.away_until <= now


def _is_at_it(ticket: Ticket, now: datetime) -> bool:
    if ticket.assignee_id is None:
        return False
    acts = EventRecord.objects.about("ticket", ticket.pk).filter(actor=ticket.assignee_id)
    return acts.filter(occurred_at__gt=now - RECENTLY).exists()
