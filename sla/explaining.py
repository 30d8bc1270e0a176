"""Why a ticket's due times are what they are: from its ledger, so it cannot disagree with it."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from sla.choices import Metric
from sla.explain import explain
from sla.ledger import Cycle, fold
from sla.models import Clock, hours_by
from sla.services.looking_back import ledgers_of
from sla.shape import clock_shape
from tickets.lens import Lens
from tickets.models import Ticket

METRICS: list[str] = Metric.values  # what is due first comes first


def clocks_of(ticket: Ticket, lens: Lens, *, now: datetime) -> list[dict[str, Any]]:
    """Return every cycle of a ticket's clocks with its ledger and its sum in words.

    How VIP status changed a target is withheld from those who may not see adjustments.
    """
    cycles = {
        (metric, cycle.number): cycle
        for (_pk, metric), entries in ledgers_of([ticket.pk]).items()
        for cycle in fold(entries)
    }
    clocks = list(Clock.objects.filter(ticket=ticket).select_related("team"))
    clocks.sort(key=lambda clock: (METRICS.index(clock.metric), clock.number))
    return [_shape(clock, cycles[clock.metric, clock.number], lens, now) for clock in clocks]


def _shape(clock: Clock, cycle: Cycle, lens: Lens, now: datetime) -> dict[str, Any]:
    zone = hours_by(clock.calendar_version_id).zone
    shape = {
        "metric": clock.metric,
        "label": str(clock.get_metric_display()),
        "cycle": clock.number,
        **({"team": str(clock.team)} if clock.team else {}),
        "zone": zone.key,
        **clock_shape(clock, now),
        "explanation": [
            {"kind": line.kind, "at": line.at.isoformat(), "text": line.text}
            for line in explain(cycle, now, zone, gettext)
        ],
    }
    return {**shape, "policy": clock.policy_name} if lens.adjustments else shape
