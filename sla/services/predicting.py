"""Judge open tickets: how likely each breaches, and by when it will be resolved."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from django.db import transaction
from django.db.models import Count

from nova.accounts.models import User
from nova.events.bus import publish_all
from sla.choices import Metric
from sla.events import RiskForeseen
from sla.models import Clock, Prediction, PredictionModel, PredictionSettings
from sla.prediction.foresight import Forecast, Foresight
from sla.prediction.threshold import risen
from sla.services.recalling import Recalled, recall, standing_of
from tickets.models import Ticket

STALE = timedelta(minutes=10)
FAR = timedelta(days=3650)
COLUMNS = [
    "model",
    "method",
    "number",
    "probability",
    "median_at",
    "late_at",
    "reasons",
    "scored_at",
    "risen_percent",
]


def current_model() -> PredictionModel | None:
    """Return by what the tenant of the fence is judged, without its parameters."""
    return PredictionModel.objects.filter(is_current=True).defer("parameters").first()


def settings_of(tenant_id: int) -> PredictionSettings:
    """Return the thresholds of a tenant, or those that hold until it has its own."""
    found = PredictionSettings.objects.filter(tenant_id=tenant_id).first()
    return found or PredictionSettings(tenant_id=tenant_id)


@transaction.atomic
def predict_tickets(ticket_ids: Sequence[int], *, actor: User, now: datetime) -> int:
    """Judge those of the tickets that are open, forget the others; return how many were judged.

    Who rises above the tenant's threshold, or falls below the lower one, is announced.
    """
    open_ids = _held(ticket_ids)
    Prediction.objects.filter(ticket_id__in=set(ticket_ids) - set(open_ids)).delete()
    model = current_model()
    recalled = [r for r in recall(open_ids) if r.clock and r.clock.ended_at is None]
    foresight = (foresight_of(model.pk) if model else Foresight()).among(_waiting(recalled))
    forecasts = {
        r.ticket_id: foresight.foresee(r.case, standing_of(r.clock, now))
        for r in recalled
        if r.clock
    }
    _write(forecasts, model, actor=actor, now=now)
    return len(forecasts)


def predict_stale(tenant_id: int, *, actor: User, now: datetime, limit: int = 200) -> int:
    """Judge open tickets again whose last judgement is old: time itself raises the risk."""
    return predict_tickets(_stale(tenant_id, now, limit), actor=actor, now=now)


@lru_cache(maxsize=8)
def foresight_of(model_id: int) -> Foresight:
    """Return what a version judges by; each process reads it once, for it never changes."""
    parameters = PredictionModel.objects.values_list("parameters", flat=True).get(pk=model_id)
    return Foresight.of(parameters) if parameters else Foresight()


def _held(ticket_ids: Sequence[int]) -> list[int]:
    return list(
        Ticket.objects.unresolved()
        .filter(pk__in=ticket_ids)
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def _waiting(recalled: Iterable[Recalled]) -> Counter[str]:
    """Return how many other open tickets each requester has."""
    people = {int(r.case.requester) for r in recalled}
    rows = Ticket.objects.unresolved().filter(requester_id__in=people).values_list("requester_id")
    return Counter({str(pk): count - 1 for pk, count in rows.annotate(Count("pk"))})


def _stale(tenant_id: int, now: datetime, limit: int) -> list[int]:
    judged = Prediction.objects.filter(tenant_id=tenant_id, scored_at__lte=now - STALE)
    found = list(judged.order_by("scored_at").values_list("ticket_id", flat=True)[:limit])
    if len(found) < limit:
        never = Clock.objects.live().filter(tenant_id=tenant_id, metric=Metric.RESOLUTION)
        never = never.exclude(ticket_id__in=Prediction.objects.values("ticket_id"))
        found += never.values_list("ticket_id", flat=True)[: limit - len(found)]
    return found


def _write(
    forecasts: dict[int, Forecast], model: PredictionModel | None, *, actor: User, now: datetime
) -> None:
    known = {p.ticket_id: p for p in Prediction.objects.filter(ticket_id__in=forecasts)}
    bounds = settings_of(actor.tenant_id)
    rows, events = [], []
    for ticket_id, forecast in forecasts.items():
        before = known[ticket_id].risen_percent if ticket_id in known else None
        percent = round(100 * forecast.probability)
        after = risen(before, percent, at=bounds.risk_percent, until=bounds.calm_percent)
        rows.append(_row(ticket_id, forecast, model, after, actor.tenant_id, now))
        if (before is None) != (after is None):
            events.append(
                RiskForeseen(
                    tenant_id=actor.tenant_id,
                    ticket_id=ticket_id,
                    percent=percent,
                    is_at_risk=after is not None,
                )
            )
    Prediction.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["ticket"], update_fields=COLUMNS
    )
    publish_all(events, actor=actor, now=now)


def _row(
    ticket_id: int,
    forecast: Forecast,
    model: PredictionModel | None,
    risen_percent: int | None,
    tenant_id: int,
    now: datetime,
) -> Prediction:
    return Prediction(
        tenant_id=tenant_id,
        ticket_id=ticket_id,
        model=model,
        number=model.number if model else None,
        method=forecast.method,
        probability=forecast.probability,
        median_at=now + min(FAR, timedelta(seconds=forecast.median_seconds)),
        late_at=now + min(FAR, timedelta(seconds=forecast.late_seconds)),
        reasons=list(forecast.reasons),
        scored_at=now,
        risen_percent=risen_percent,
    )
