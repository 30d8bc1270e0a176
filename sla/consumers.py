"""What clocks bring about after the commit, in the order of events. Wired in `nova.settings`."""

from nova.accounts.system import system_of
from nova.events.base import Event
from nova.events.models import EventRecord
from tickets import rules
from tickets import services as tickets
from tickets.choices import ScorePart, SlaState
from tickets.models import Ticket

REASONS = {
    SlaState.AT_RISK: "Three quarters of its time are used up",
    SlaState.BREACHED: "It is overdue",
}


def weigh_risk(event: Event, record: EventRecord) -> None:
    """Lift an open ticket in the queue while a clock of it is at risk or breached."""
    ticket = Ticket.objects.get(pk=record.subject_id)
    reason = REASONS.get(SlaState(ticket.sla_state), "") if ticket.is_open else ""
    tickets.set_score_part(
        ticket.pk,
        ScorePart.RISK,
        rules.RISK_POINTS if reason else 0,
        reason,
        actor=system_of(record.tenant_id),
        now=record.occurred_at,
    )
