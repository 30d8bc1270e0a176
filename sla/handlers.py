"""What clocks do in the transaction that changes a ticket. Wired in `nova.settings`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from nova.accounts.models import User
from nova.events.models import EventRecord
from nova.events.wiring import takes_batches
from sla import services
from sla.choices import ClockState, Metric
from sla.history import verb_of
from sla.ledger import Kind
from sla.matching import WATCHED
from sla.models import Clock
from tickets.choices import Status
from tickets.events import (
    CommentAdded,
    TicketAssigned,
    TicketDeleted,
    TicketEdited,
    TicketEvent,
    TicketMarked,
    TicketMerged,
    TicketMoved,
    TicketOpened,
    TicketRestored,
)
from tickets.models import Ticket

MOST_REASON = 250


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
    """Stop the clocks that an answer meets; start that of the next when the requester wrote."""
    acting: dict[str, Any] = {"actor": record.actor, "now": record.occurred_at}
    if event.is_theirs:
        services.await_answer(event.ticket_id, **acting)
        return
    met = (Metric.RESPONSE, Metric.NEXT_RESPONSE) if event.is_response else (Metric.NEXT_RESPONSE,)
    reasons = {event.ticket_id: _("Answered")}
    services.set_clocks(reasons, lambda c: Kind.STOPPED if c.metric in met else None, **acting)


@takes_batches
def follow_edit(events: Sequence[TicketEdited], *, actor: User, now: datetime) -> None:
    """Measure by other terms where a property that policies match was edited."""
    changed = {event.ticket_id: sorted(WATCHED & event.changes.keys()) for event in events}
    text = _("Changed: %(fields)s")
    reasons = {pk: text % {"fields": ", ".join(names)} for pk, names in changed.items() if names}
    services.rematch(reasons, actor=actor, now=now)


@takes_batches
def follow_team(events: Sequence[TicketAssigned], *, actor: User, now: datetime) -> None:
    """End a team's part in a ticket and begin the next one's."""
    handed = {e.ticket_id: e.changes["team"][1] for e in events if "team" in e.changes}
    if handed:
        teams = {pk: team["name"] if team else "" for pk, team in handed.items()}
        services.hand_over(teams, actor=actor, now=now)


@takes_batches
def follow_vip(events: Sequence[TicketMarked], *, actor: User, now: datetime) -> None:
    """Measure by other terms when the ticket's VIP level was gained or lost."""
    reasons = {event.ticket_id: _why_marked(event) for event in events}
    services.rematch(reasons, actor=actor, now=now)


def cancel_merged(event: TicketMerged, record: EventRecord) -> None:
    """End the clocks of a duplicate without a verdict: the other ticket's go on."""
    services.set_clocks(
        {event.ticket_id: _("Merged into %(into)s") % {"into": event.into}},
        lambda clock: Kind.CANCELLED,
        actor=record.actor,
        now=record.occurred_at,
    )


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


def _why_marked(event: TicketMarked) -> str:
    """Return what the ledger says, which holds no more than so much."""
    if event.reasons:
        return event.reasons[0][:MOST_REASON]
    lost = _("No longer VIP")
    return f"{lost}: {event.because}"[:MOST_REASON] if event.because else lost


def _ticket(event: TicketEvent) -> Ticket:
    return Ticket.objects.get(pk=event.ticket_id)
