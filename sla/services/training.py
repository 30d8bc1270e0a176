"""Learn from a tenant's own finished tickets by what its open ones are judged."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from nova.accounts.models import User
from nova.events.bus import publish
from nova.hours import epoch_seconds
from nova.tenancy.fence import inside
from sla.choices import ClockState, Method, Metric
from sla.events import PredictionTrained
from sla.models import Clock, PredictionModel
from sla.prediction import measures
from sla.prediction.cases import TICKET, Case, Known, Look
from sla.prediction.foresight import Foresight, Standing, spans_of
from sla.prediction.inference import Judge
from sla.prediction.learning import CannotLearn, Sample, learn, samples_of
from sla.prediction.memory import remembered
from sla.prediction.trial import cut_of
from sla.services.recalling import recall, with_looks

MOST_CASES = 20_000
BATCH = 2_000
FEWEST_FINISHED, FEWEST_BREACHED = 200, 30
LEARNED_SHARE = 0.8
TREES = 120
TOO_FEW = gettext_noop(
    "There are too few finished tickets, or too few that breached, to learn from."
)
NO_BETTER = gettext_noop(
    "A model was learned, and is no better than the rule on the newest tickets."
)
BETTER = gettext_noop("The model is better than the rule on the newest tickets.")
FAILED = gettext_noop("The training failed, so that the rule judges.")
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Learned:
    """What a training came to: who judges and why, how well, and by which parameters."""

    method: Method
    verdict: str
    metrics: dict[str, Any]
    parameters: dict[str, Any]
    cases: Sequence[Case]


def train_predictions(tenant_id: int, *, actor: User, now: datetime) -> PredictionModel:
    """Learn from what is finished now, and let the better of model and rule judge from now on.

    A model must do at least as well as the rule, by Brier score, on the newest fifth, which it
    has not seen. Then it learns from all. Goes inside the fence of the tenant to read and to
    write, not while it learns: that takes a minute, and no transaction should.
    """
    with inside(tenant_id):
        cases = cases_known(now)
    found = learned(cases, now)
    with inside(tenant_id):
        return keep_model(found, actor=actor, now=now)


def cases_known(now: datetime) -> list[Case]:
    """Return the newest tickets of the fence whose resolution target was met or missed."""
    clocks = Clock.objects.filter(metric=Metric.RESOLUTION, started_at__lt=now)
    ended = Q(state=ClockState.STOPPED) | Q(breached_at__lt=now)
    newest = clocks.filter(ended, ticket__deleted_at=None).order_by("-started_at")
    ids = list(dict.fromkeys(newest.values_list("ticket_id", flat=True)[:MOST_CASES]))
    found: list[Case] = []
    for first in range(0, len(ids), BATCH):
        found += [with_looks(r) for r in recall(ids[first : first + BATCH]) if r.case.known_at]
    return found


def learned(cases: Sequence[Case], now: datetime) -> Learned:
    """Return what is to judge from `now` on."""
    until = epoch_seconds(now)
    rule = Foresight(remembered(cases, TICKET, until), spans_of(cases))
    breached = sum(case.is_breached for case in cases)
    if len(cases) < FEWEST_FINISHED or breached < FEWEST_BREACHED:
        return Learned(Method.RULE, TOO_FEW, {}, rule.plain(None), cases)
    try:
        return _tried(cases, rule, until)
    except CannotLearn as error:
        log.error("prediction_training_failed", error=str(error))
        return Learned(Method.RULE, FAILED, {}, rule.plain(None), cases)


@transaction.atomic
def keep_model(found: Learned, *, actor: User, now: datetime) -> PredictionModel:
    """Put what was learned in the place of the current version, and announce it."""
    models = PredictionModel.objects.select_for_update().filter(tenant_id=actor.tenant_id)
    number = (models.values_list("number", flat=True).order_by("-number").first() or 0) + 1
    models.filter(is_current=True).update(is_current=False, parameters={})
    opened = [case.opened_at for case in found.cases]
    model = PredictionModel.objects.create(
        tenant_id=actor.tenant_id,
        number=number,
        method=found.method,
        trained_at=now,
        window_from=datetime.fromtimestamp(min(opened), UTC) if opened else None,
        window_to=now if opened else None,
        finished=len(found.cases),
        breached=sum(case.is_breached for case in found.cases),
        verdict=found.verdict,
        metrics=found.metrics,
        parameters=found.parameters,
    )
    event = PredictionTrained(
        tenant_id=actor.tenant_id, model_id=model.pk, number=number, method=found.method
    )
    publish(event, actor=actor, now=now)
    return model


def _tried(cases: Sequence[Case], rule: Foresight, until: int) -> Learned:
    cut = cut_of(cases, LEARNED_SHARE)
    past, future = samples_of(cases, TICKET, Known.MOMENT, cut, as_of=cut)
    if len(set(past.late)) < 2 or not future.rows:  # noqa: PLR2004 - both must occur
        return Learned(Method.RULE, TOO_FEW, {}, rule.plain(None), cases)
    judge = Judge.of(learn(past, trees=TREES))
    told = [judge.probability(row) for row in future.rows]
    by_rule = _ruled(cases, future, cut)
    metrics = _metrics(future, told, by_rule, [judge.seconds(row) for row in future.rows])
    if metrics["model"]["brier"] > metrics["rule"]["brier"]:
        return Learned(Method.RULE, NO_BETTER, metrics, rule.plain(None), cases)
    every, _rest = samples_of(cases, TICKET, Known.MOMENT, until, as_of=until)
    plain = learn(every, trees=TREES)
    return Learned(Method.MODEL, BETTER, metrics, rule.plain(plain), cases)


def _ruled(cases: Sequence[Case], future: Sample, cut: int) -> list[float]:
    """Return what the rule says, knowing what was known at the cut."""
    past = [case for case in cases if case.known_at is not None and case.known_at < cut]
    rule = Foresight(remembered(past, TICKET, cut), spans_of(past))
    return [
        rule.by_rule(as_seen(case, look), Standing(look, 0, 0))
        for case, look in zip(future.cases, future.looks, strict=True)
    ]


def as_seen(case: Case, look: Look) -> Case:
    """Return a case with no more of its moments than there were when it was looked at."""
    return replace(
        case, moments=tuple(m for m in case.moments if m.at <= look.at) or case.moments[:1]
    )


def _metrics(
    future: Sample, told: list[float], by_rule: list[float], seconds: list[tuple[int, int]]
) -> dict[str, Any]:
    times = measures.time_figures(future.seconds, seconds)
    return {
        "model": measures.plain(measures.figures(future.late, told)),
        "rule": measures.plain(measures.figures(future.late, by_rule)),
        "bins": [measures.plain(b) for b in measures.calibration(future.late, told)],
        "times": measures.plain(times) if times else None,
        "cases": len({case.key for case in future.cases}),
    }
