"""The card of what judges open tickets: which it is and why, its window, and how it did."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

from sla.choices import Method
from sla.models import PredictionModel
from sla.services.predicting import settings_of
from sla.services.training import FEWEST_BREACHED, FEWEST_FINISHED, TOO_FEW

VERSIONS = 10
SHOWN = (
    "number",
    "method",
    "trained_at",
    "window_from",
    "window_to",
    "finished",
    "breached",
    "verdict",
    "metrics",
    "is_current",
)


@dataclass(frozen=True, slots=True)
class Card:
    """What judges now. `versions` are the newest trainings, the current one among them."""

    method: str
    label: str
    verdict: str
    risk_percent: int
    calm_percent: int
    current: dict[str, Any] | None = None
    model: dict[str, Any] = field(default_factory=dict)
    rule: dict[str, Any] = field(default_factory=dict)
    times: dict[str, Any] = field(default_factory=dict)
    bins: list[dict[str, Any]] = field(default_factory=list)
    versions: list[dict[str, Any]] = field(default_factory=list)
    fewest_finished: int = FEWEST_FINISHED
    fewest_breached: int = FEWEST_BREACHED


def card_of(tenant_id: int) -> Card:
    """Return the card of a tenant; before its first training the rule judges, without a past."""
    rows = PredictionModel.objects.filter(tenant_id=tenant_id).order_by("-number")
    versions = list(rows.values(*SHOWN)[:VERSIONS])
    for version in versions:
        version["verdict"] = gettext(version["verdict"])
    current = next((version for version in versions if version["is_current"]), None)
    bounds = settings_of(tenant_id)
    metrics = current["metrics"] if current else {}
    method = Method(current["method"]) if current else Method.RULE
    return Card(
        method=method,
        label=str(method.label),
        verdict=current["verdict"] if current else gettext(TOO_FEW),
        risk_percent=bounds.risk_percent,
        calm_percent=bounds.calm_percent,
        current=current,
        model=metrics.get("model", {}),
        rule=metrics.get("rule", {}),
        times=metrics.get("times") or {},
        bins=metrics.get("bins", []),
        versions=versions,
    )
