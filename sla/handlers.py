"""What clocks do in the transaction that changes a ticket. Wired in `nova.settings`."""

from django.utils.translation import gettext as _

from nova.events.models import EventRecord
from sla import services
from sla.choices import ClockState, Metric
from sla.history import verb_of
from sla.ledger import Kind
from sla.models import Clock
from tickets.choices import Status
from tickets.events import (
    CommentAdded,
    TicketDeleted,
    TicketEdited,
    TicketEvent,
    TicketMarked,
    TicketMoved,
    TicketOpened,
    TicketRestored,
)
from tickets.models import Ticket

MATCHED = {"priority", "type", "kind", "module"}


def start_clocks(event: TicketOpened, record: EventRecord) -> None:
    services.start_clocks(event, actor=record.actor, now=record.occurred_at)


def follow_stage(event: TicketMoved, record: EventRecord) -> None:
    """Stop what was met, pause while awaiting, resume after it, reopen after a reopening."""
    ticket, actor, now = _ticket(event), record.actor, record.occurred_at

    def decide(clock: Clock) -> Kind | None:
        return verb_of(clock.metric, clock.pause_on, event.after, is_response=event.is_response)

    services.set_clocks(ticket, decide, reason=event.reason, actor=actor, now=now)
    if event.after == Status.REOPENED:  # what it is may have changed while its clocks stood still
        services.rematch(ticket, reason=event.reason or _("Reopened"), actor=actor, now=now)


def follow_reply(event: CommentAdded, record: EventRecord) -> None:
    """Stop the response clock at the first answer to the requester."""
    if event.is_response:
        services.set_clocks(
            _ticket(event),
            lambda clock: Kind.STOPPED if clock.metric == Metric.RESPONSE else None,
            reason=_("Answered"),
            actor=record.actor,
            now=record.occurred_at,
        )


def follow_edit(event: TicketEdited, record: EventRecord) -> None:
    """Measure by other terms when a property that policies match was edited."""
    changed = sorted(MATCHED & event.changes.keys())
    if changed:
        reason = _("Changed: %(fields)s") % {"fields": ", ".join(changed)}
        services.rematch(_ticket(event), reason=reason, actor=record.actor, now=record.occurred_at)


def follow_vip(event: TicketMarked, record: EventRecord) -> None:
    """Measure by other terms when the ticket's VIP level was gained or lost."""
    reason = event.reasons[0] if event.reasons else _("No longer VIP")
    services.rematch(_ticket(event), reason=reason, actor=record.actor, now=record.occurred_at)


def pause_deleted(event: TicketDeleted, record: EventRecord) -> None:
    """Hold the clocks of a ticket that was taken out: nobody can be late for it."""
    services.set_clocks(
        _ticket(event),
        lambda clock: Kind.PAUSED,
        reason=_("Deleted"),
        actor=record.actor,
        now=record.occurred_at,
    )


def resume_restored(event: TicketRestored, record: EventRecord) -> None:
    """Let the clocks run on, unless the stage itself pauses them."""
    ticket = _ticket(event)

    def decide(clock: Clock) -> Kind | None:
        held = ticket.status in clock.pause_on or clock.state != ClockState.PAUSED
        return None if held else Kind.RESUMED

    services.set_clocks(
        ticket, decide, reason=_("Restored"), actor=record.actor, now=record.occurred_at
    )


def _ticket(event: TicketEvent) -> Ticket:
    return Ticket.objects.get(pk=event.ticket_id)
