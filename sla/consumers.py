"""What clocks bring about after the commit, in the order of events. Wired in `nova.settings`."""

from collections.abc import Sequence

from nova.accounts.system import system_of
from nova.events.models import EventRecord
from nova.events.wiring import takes_batches
from tickets import rules
from tickets import services as tickets
from tickets.choices import ScorePart, SlaState
from tickets.models import Ticket
from tickets.rules import Part

RISK = ScorePart.RISK
NONE = Part(points=0, reason="")
WEIGHED = ("status", "deleted_at", "sla_state", "score_parts")
REASONS = {
    SlaState.AT_RISK: "Three quarters of its time are used up",
    SlaState.BREACHED: "It is overdue",
}


@takes_batches
def weigh_risk(records: Sequence[EventRecord]) -> None:
    """Lift open tickets in the queue while a clock of theirs is at risk or breached."""
    last = records[-1]
    about = Ticket.objects.filter(pk__in={record.subject_pk for record in records})
    wanted = {ticket.pk: (ticket.score_parts, _risk_of(ticket)) for ticket in about.only(*WEIGHED)}
    # Most are as they should be already: those need not be held.
    news = {pk: part for pk, (parts, part) in wanted.items() if parts.get(RISK, NONE) != part}
    if news:
        actor = system_of(last.tenant_id)
        tickets.set_score_parts(news, RISK, actor=actor, now=last.occurred_at)


def _risk_of(ticket: Ticket) -> Part:
    reason = REASONS.get(SlaState(ticket.sla_state), "") if ticket.is_open else ""
    return Part(points=rules.RISK_POINTS, reason=reason) if reason else NONE
