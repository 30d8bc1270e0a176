"""What VIP status does after the commit, in the order of events. Wired in `nova.settings`."""

from datetime import UTC

from django.urls import reverse
from django.utils import formats, timezone

from nova.accounts.choices import PersonKind, VipLevel
from nova.accounts.events import RecordChanged
from nova.accounts.models import TeamMembership, User
from nova.accounts.system import system_of
from nova.events.base import Event
from nova.events.models import EventRecord
from nova.notifications.choices import Channel, Kind
from nova.notifications.services import notify
from tickets.choices import Status
from tickets.events import TicketEdited, TicketMoved, TicketOpened, TicketRestored
from tickets.models import Ticket
from vip import services
from vip.models import Designation

PLACES = {"department", "site", "floor"}


def apply_designation(event: Event, record: EventRecord) -> None:
    """Bring people and open tickets in step with a designation that was made or revoked."""
    designation = Designation.objects.get(pk=record.subject_pk)
    if designation.starts_at <= record.occurred_at:
        actor = User.objects.get(pk=record.actor_id)
        services.apply_designation(designation, actor=actor, now=record.occurred_at)


def follow_person(event: Event, record: EventRecord) -> None:
    """Reassess who came to another department, site or floor."""
    person = User.objects.get(pk=record.subject_pk)
    if PLACES & set(record.payload.get("changes", PLACES)):
        actor = system_of(record.tenant_id)
        services.reassess(person, actor=actor, now=record.occurred_at)


def follow_ticket(event: Event, record: EventRecord) -> None:
    """Reassess what came back to the desk, or went to another module."""
    if _is_back(event) or (isinstance(event, TicketEdited) and "module" in event.changes):
        ticket = Ticket.objects.select_related("requester").get(pk=record.subject_pk)
        actor = system_of(record.tenant_id)
        services.reassess_ticket(ticket, actor=actor, now=record.occurred_at)


def follow_switches(event: RecordChanged, record: EventRecord) -> None:
    """Bring the queue in step when VIPs begin or cease to go first in a module."""
    if event.record == "tickets.desksettings" and "vip_modules" in event.changes:
        actor = system_of(record.tenant_id)
        services.apply_switches(record.tenant_id, actor=actor, now=record.occurred_at)


def _is_back(event: Event) -> bool:
    if isinstance(event, TicketMoved):
        return event.after == Status.REOPENED
    return isinstance(event, TicketRestored)


def alert_desk(event: TicketOpened, record: EventRecord) -> None:
    """Tell the desk of a new VIP ticket: its team, or everybody who may see the flag."""
    if not event.vip_level:
        return
    ticket = Ticket.objects.get(pk=event.ticket_id)
    notify(
        desk_of(ticket),
        template="vip/mail/opened",
        context={
            "reference": ticket.reference,
            "title": ticket.title,
            "level": VipLevel(event.vip_level).label,
            "reason": ticket.vip_reasons[0],
            "due": formats.date_format(timezone.localtime(ticket.queue_at, UTC), "H:i e"),
        },
        channels=list(Channel),
        record=record,
        now=record.occurred_at,
        kind=Kind.VIP,
        link=reverse("tickets:ticket", args=[ticket.reference]),
    )


def desk_of(ticket: Ticket) -> list[User]:
    """Return who may see the flag and works on such tickets."""
    people = User.objects.filter(tenant_id=ticket.tenant_id, kind=PersonKind.PERSON)
    desk = people.with_permission("tickets.view_vip_flag").with_permission("tickets.move_ticket")
    if ticket.team_id:
        team = TeamMembership.objects.filter(team_id=ticket.team_id).values("person_id")
        desk = desk.filter(pk__in=team)
    return list(desk)
