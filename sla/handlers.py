"""What clocks do in the transaction that changes a ticket. Wired in `nova.settings`."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from nova.accounts.models import User
from nova.events.models import EventRecord
from nova.events.wiring import takes_batches
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


@takes_batches
def follow_stage(events: Sequence[TicketMoved], *, actor: User, now: datetime) -> None:
    """Stop what was met, pause while awaiting, resume after it, reopen after a reopening."""
    moves = {event.ticket_id: event for event in events}

    def decide(clock: Clock) -> Kind | None:
        move = moves[clock.ticket_id]
        return verb_of(clock.metric, clock.pause_on, move.after, is_response=move.is_response)

    reasons = {event.ticket_id: event.reason for event in events}
    services.set_clocks(reasons, decide, actor=actor, now=now)
    # What a reopened ticket is may have changed while its clocks stood still.
    reopened = [event for event in events if event.after == Status.REOPENED]
    reasons = {event.ticket_id: event.reason or _("Reopened") for event in reopened}
    services.rematch(reasons, actor=actor, now=now)


def follow_reply(event: CommentAdded, record: EventRecord) -> None:
    """Stop the response clock at the first answer to the requester."""
    if event.is_response:
        services.set_clocks(
            {event.ticket_id: _("Answered")},
            lambda clock: Kind.STOPPED if clock.metric == Metric.RESPONSE else None,
            actor=record.actor,
            now=record.occurred_at,
        )


@takes_batches
def follow_edit(events: Sequence[TicketEdited], *, actor: User, now: datetime) -> None:
    """Measure by other terms where a property that policies match was edited."""
    changed = {event.ticket_id: sorted(MATCHED & event.changes.keys()) for event in events}
    text = _("Changed: %(fields)s")
    reasons = {pk: text % {"fields": ", ".join(names)} for pk, names in changed.items() if names}
    services.rematch(reasons, actor=actor, now=now)


def follow_vip(event: TicketMarked, record: EventRecord) -> None:
    """Measure by other terms when the ticket's VIP level was gained or lost."""
    reason = event.reasons[0] if event.reasons else _("No longer VIP")
    services.rematch({event.ticket_id: reason}, actor=record.actor, now=record.occurred_at)


def pause_deleted(event: TicketDeleted, record: EventRecord) -> None:
    """Hold the clocks of a ticket that was taken out: nobody can be late for it."""
    services.set_clocks(
        {event.ticket_id: _("Deleted")},
        lambda clock: Kind.PAUSED,
        actor=record.actor,
        now=record.occurred_at,
    )


def resume_restored(event: TicketRestored, record: EventRecord) -> None:
    """Let the clocks run on, unless the stage itself pauses them."""
    ticket = _ticket(event)

    def decide(clock: Clock) -> Kind | None:
        held = ticket.status in clock.pause_on or clock.state != ClockState.PAUSED
        return None if held else Kind.RESUMED

    reasons = {ticket.pk: _("Restored")}
    services.set_clocks(reasons, decide, actor=record.actor, now=record.occurred_at)


def _ticket(event: TicketEvent) -> Ticket:
    return Ticket.objects.get(pk=event.ticket_id)
