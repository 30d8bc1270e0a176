"""What assignment does after the commit, in the order of events. Wired in `nova.settings`."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.urls import reverse

from dispatch.choices import Cause, OverrideStatus
from dispatch.events import OverrideAsked, OverrideSettled, TicketDecided
from dispatch.models import Decision, Override
from dispatch.services import assign_by_engine
from nova.accounts.models import User
from nova.accounts.system import system_of
from nova.events.models import EventRecord
from nova.events.wiring import takes_batches, takes_now
from nova.notifications.choices import Channel
from nova.notifications.services import notify
from tickets.events import TicketAssigned
from tickets.models import Ticket

LEADS = "dispatch.manage_engineers"


@takes_batches
@takes_now
def assign(records: Sequence[EventRecord], *, now: datetime) -> None:
    """Give out what was opened, and what came to another team without anybody in it.

    To who is there now: whoever was when it was opened may be gone, if a worker was down.
    """
    opened, moved = [], []
    for record in records:
        event = record.event()
        if not isinstance(event, TicketAssigned):
            opened.append(int(record.subject_pk))
        elif "team" in event.changes and "assignee" not in event.changes:
            moved.append(record)
    actor = system_of(records[-1].tenant_id)
    sent = _not_by_engine(moved, actor)
    for ids, cause in ((opened, Cause.OPENED), (sent, Cause.MOVED_TEAM)):
        if ids:
            assign_by_engine(ids, cause=cause, actor=actor, now=now)


def _not_by_engine(moved: Sequence[EventRecord], nova: User) -> list[int]:
    """Return what came to a team otherwise than by a decision, which looked for somebody, too."""
    by_nova = [record.subject_pk for record in moved if record.actor_id == nova.pk]
    decisions = Decision.objects.filter(ticket__in=by_nova) if by_nova else Decision.objects.none()
    decided = {(nova.pk, *made) for made in decisions.values_list("ticket_id", "at")}
    return [
        int(record.subject_pk)
        for record in moved
        if (record.actor_id, record.subject_pk, record.occurred_at) not in decided
    ]


def tell_waiting(event: TicketDecided, record: EventRecord) -> None:
    """Tell the team's lead, or else those who arrange the desk, that nobody may have a ticket."""
    if event.primary_id is not None:
        return
    ticket = Ticket.objects.select_related("team").get(pk=event.ticket_id)
    if not ticket.is_open or ticket.assignee_id is not None:
        return
    notify(
        _leads(ticket),
        template="dispatch/mail/waiting",
        context={
            "reference": ticket.reference,
            "title": ticket.title,
            "because": event.because,
        },
        channels=[Channel.IN_APP],
        record=record,
        link=reverse("tickets:ticket", args=[ticket.reference]),
        needs=event.needs,
    )


def tell_approver(event: OverrideAsked, record: EventRecord) -> None:
    """Ask the manager, unless they asked themselves and it is done."""
    if event.approver_id == record.actor_id:
        return
    people = User.objects.active().filter(pk=event.approver_id)
    _tell(people, "dispatch/mail/override_asked", event, record)


def tell_settled(event: OverrideSettled, record: EventRecord) -> None:
    """Tell who asked what became of it, unless they decided themselves."""
    asked = Override.objects.filter(pk=event.override_id).values("asked_by")
    people = User.objects.active().filter(pk__in=asked).exclude(pk=record.actor_id)
    _tell(people, "dispatch/mail/override_settled", event, record)


def _tell(
    people: Iterable[User],
    template: str,
    event: OverrideAsked | OverrideSettled,
    record: EventRecord,
) -> None:
    ticket = Ticket.objects.get(pk=event.ticket_id)
    status = event.status if isinstance(event, OverrideSettled) else OverrideStatus.ASKED
    notify(
        people,
        template=template,
        context={
            "reference": ticket.reference,
            "title": ticket.title,
            "by": str(record.actor),
            "chosen": str(User.objects.get(pk=event.chosen_id)),
            "reason": event.reason,
            "status": OverrideStatus(status).label.lower(),
        },
        channels=[Channel.IN_APP, Channel.EMAIL],
        record=record,
        link=reverse("dispatch:drawer", args=[ticket.reference]),
        needs=event.needs,
    )


def _leads(ticket: Ticket) -> Sequence[User]:
    people = User.objects.active().with_permission("tickets.view_ticket")
    lead = people.filter(pk=ticket.team.lead_id) if ticket.team and ticket.team.lead_id else None
    found = list(lead) if lead is not None else []
    return found or list(people.with_permission(LEADS).order_by("pk"))
