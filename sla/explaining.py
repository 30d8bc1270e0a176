"""Why a ticket's due times are what they are: from its ledger, so it cannot disagree with it."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from sla.choices import Metric
from sla.explain import explain
from sla.ledger import Cycle, fold
from sla.models import Clock, LedgerEntry, hours_by
from sla.shape import clock_shape
from tickets.lens import Lens
from tickets.models import Ticket


def clocks_of(ticket: Ticket, lens: Lens, *, now: datetime) -> list[dict[str, Any]]:
    """Return every cycle of a ticket's clocks with its ledger and its sum in words.

    How VIP status changed a target is withheld from those who may not see adjustments.
    """
    cycles = {
        (metric, cycle.number): cycle for metric in Metric for cycle in _cycles(ticket, metric)
    }
    clocks = Clock.objects.filter(ticket=ticket)
    return [
        _shape(clock, cycles[Metric(clock.metric), clock.number], lens, now)
        for clock in clocks.order_by("metric", "number")
    ]


def _cycles(ticket: Ticket, metric: Metric) -> tuple[Cycle, ...]:
    rows = LedgerEntry.objects.filter(ticket=ticket, metric=metric)
    return fold(row.entry() for row in rows.order_by("pk"))


def _shape(clock: Clock, cycle: Cycle, lens: Lens, now: datetime) -> dict[str, Any]:
    zone = hours_by(clock.calendar_version_id).zone
    shape = {
        "metric": clock.metric,
        "label": str(clock.get_metric_display()),
        "cycle": clock.number,
        "zone": zone.key,
        **clock_shape(clock, now),
        "explanation": [
            {"kind": line.kind, "at": line.at.isoformat(), "text": line.text}
            for line in explain(cycle, now, zone, gettext)
        ],
    }
    return {**shape, "policy": clock.policy_name} if lens.adjustments else shape
