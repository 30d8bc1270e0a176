"""What open tickets would count by some weights, as the database reckons it; and where they stand.

A ticket's score keeps what it was given. This says what it is to be, for all tickets at once: to
show a draft of the weights before it is saved, and to find what is not in step with them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce

from nova.accounts.choices import VipLevel
from tickets import rules
from tickets.choices import ScorePart
from tickets.models import Ticket, TicketQuerySet
from tickets.rules import Weights

FAIR = Q(score_parts__has_key=ScorePart.FAIRNESS)
RISKY = Q(score_parts__has_key=ScorePart.RISK)


@dataclass(frozen=True)
class Place:
    """Where a ticket stands among the first, now and by a draft; None: behind them."""

    ticket: Ticket
    score: int
    now: int | None
    then: int | None


def out_of_step(weights: Weights) -> TicketQuerySet:
    """Return open tickets whose parts do not count what the weights say."""
    marked = Ticket.objects.unresolved().filter(~Q(vip_level="") | Q(vip_priority_score__gt=0))
    told = marked.annotate(
        vip_points=_kept(ScorePart.VIP),
        vip_due=_of_level(weights),
        risk_points=_kept(ScorePart.RISK),
        risk_due=_of_risk(weights),
    )
    return told.exclude(vip_points=F("vip_due"), risk_points=F("risk_due"))


def changed_by(weights: Weights, fairness_hours: int, *, now: datetime) -> int:
    """Return of how many open tickets the score would be another."""
    drafted = _drafted(weights, fairness_hours, now)
    return drafted.exclude(draft_score=F("vip_priority_score")).count()


def places_under(
    weights: Weights, fairness_hours: int, *, now: datetime, most: int
) -> list[Place]:
    """Return who would be among the first of the queue, and who is now, in the order of then."""
    drafted = _drafted(weights, fairness_hours, now).select_related("requester")
    queue = drafted.order_by("-vip_priority_score", "queue_at", "pk")[:most]
    draft = drafted.order_by("-draft_score", "queue_at", "pk")[:most]
    then = list(draft)
    today = {ticket.pk: place for place, ticket in enumerate(queue, start=1)}
    first = [
        Place(ticket, ticket.draft_score, today.get(ticket.pk), place)
        for place, ticket in enumerate(then, start=1)
    ]
    stay = {ticket.pk for ticket in then}
    gone = [Place(t, t.draft_score, today[t.pk], None) for t in queue if t.pk not in stay]
    return [*first, *gone]


def _drafted(weights: Weights, fairness_hours: int, now: datetime) -> QuerySet[Any]:
    """Return open tickets with what they would count. Who was lifted for fairness stays so."""
    fair = FAIR
    if fairness_hours:
        late = Q(queue_at__lte=now - timedelta(hours=fairness_hours))
        fair |= late & ~Q(status__in=rules.AWAITING)
    score = Case(
        When(fair, then=Value(rules.TOP_BAND)),
        default=_of_level(weights) + _of_risk(weights),
        output_field=IntegerField(),
    )
    return Ticket.objects.unresolved().annotate(draft_score=score)


def _of_level(weights: Weights) -> Case:
    cases = [
        When(
            vip_level=level, module__in=list(weights.modules), then=Value(getattr(weights, level))
        )
        for level in VipLevel.values
    ]
    return Case(*cases, default=Value(0), output_field=IntegerField())


def _of_risk(weights: Weights) -> Case:
    risk = When(RISKY, then=Value(weights.risk))
    return Case(risk, default=Value(0), output_field=IntegerField())


def _kept(kind: ScorePart) -> Combinable:
    points = KT(f"score_parts__{kind.value}__points")
    return Coalesce(Cast(points, IntegerField()), Value(0))
