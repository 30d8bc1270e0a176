"""Which tickets are lifted in the queue because of their clocks."""

from collections.abc import Iterable
from datetime import datetime

from nova.accounts.models import User
from sla.foretelling.words import likely, risen_of
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


def weigh(ticket_ids: Iterable[int], *, actor: User, now: datetime) -> None:
    """Lift open tickets in the queue while a clock of theirs is at risk or breached, or will
    likely breach."""
    ids = set(ticket_ids)
    about, foreseen = Ticket.objects.filter(pk__in=ids).only(*WEIGHED), risen_of(ids)
    points = tickets.weights_of(actor.tenant_id).risk
    wanted = {t.pk: (t.score_parts, _risk_of(t, points, foreseen.get(t.pk))) for t in about}
    # Most are as they should be already: those need not be held.
    news = {pk: part for pk, (parts, part) in wanted.items() if parts.get(RISK, NONE) != part}
    if news:
        tickets.set_score_parts(news, RISK, actor=actor, now=now)


def _risk_of(ticket: Ticket, points: int, foreseen: int | None = None) -> Part:
    reason = REASONS.get(SlaState(ticket.sla_state), "") or likely(foreseen)
    reason = reason if ticket.is_open else ""
    return Part(points=points, reason=reason) if reason else NONE
