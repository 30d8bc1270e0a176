"""What opens and answers alerts, in the order of events. Wired in `nova.settings`."""

from collections.abc import Sequence

from nova.accounts.models import User
from nova.events.models import EventRecord
from nova.events.wiring import takes_batches
from nova.notifications.choices import Kind
from tickets.models import Ticket
from vip import services

OPENS = {
    "tickets.TicketOpened": Kind.VIP,
    "tickets.TicketMarked": Kind.VIP,
    "sla.ClockWarned": Kind.RISK,
    "sla.ClockBreached": Kind.BREACH,
}
# What many bring about at once, or terms that came later, calls nobody to a single ticket.
QUIET = ("is_among_many", "is_recalculated")


@takes_batches
def follow(records: Sequence[EventRecord]) -> None:
    """Open alerts of VIPs' tickets, and take for an answer what people do there.

    One reader does both, so that what was done after an alert is never seen before it.
    """
    about = {record.subject_id or 0 for record in records}
    tickets = Ticket.objects.filter(pk__in=about).exclude(vip_level="").in_bulk()
    for record in records:
        ticket = tickets.get(record.subject_id or 0)
        if ticket is not None:
            _follow(ticket, record)
        elif record.name == "tickets.TicketMarked":
            services.end_alert(record.subject_id or 0, now=record.occurred_at)


def _follow(ticket: Ticket, record: EventRecord) -> None:
    kind, payload = OPENS.get(record.name), record.payload
    if kind is None:
        if not payload.get("is_theirs"):
            actor = User.objects.get(pk=record.actor_id)
            services.note_act(ticket.pk, actor=actor, now=record.occurred_at)
    elif not any(payload.get(quiet) for quiet in QUIET):
        is_raised = record.name != "tickets.TicketMarked" or not payload["before"]
        if is_raised:
            services.open_alert(ticket, kind, now=record.occurred_at)
