"""Why a ticket's due times are what they are: from its ledger, so it cannot disagree with it."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from sla.choices import Metric
from sla.explain import Note, Notes, explain
from sla.ledger import Cycle, Kind, fold
from sla.models import Clock, LedgerEntry, hours_by
from sla.services.looking_back import ledgers_of
from sla.shape import clock_shape
from sla.truths import breached_as_measured
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
    is_known = lens.adjustments and any(clock.is_recalculated for clock in clocks)
    notes = _notes(ticket) if is_known else {}
    clocks.sort(key=lambda clock: (METRICS.index(clock.metric), clock.number))
    return [
        _shape(clock, cycles[clock.metric, clock.number], lens, now, notes.get(clock.metric, {}))
        for clock in clocks
    ]


def _notes(ticket: Ticket) -> dict[str, dict[datetime, Note]]:
    """Return by metric who recalculated a ticket's clocks, and why. It may tell of VIPs."""
    notes: dict[str, dict[datetime, Note]] = {}
    rows = LedgerEntry.objects.filter(ticket=ticket, kind=Kind.RECALCULATED).order_by("pk")
    for metric, at, by, why in rows.values_list("metric", "at", "actor__name", "reason"):
        notes.setdefault(metric, {})[at] = Note(by, why)
    return notes


def _shape(clock: Clock, cycle: Cycle, lens: Lens, now: datetime, notes: Notes) -> dict[str, Any]:
    zone = hours_by(clock.calendar_version_id).zone
    shape = {
        "metric": clock.metric,
        "label": str(clock.get_metric_display()),
        "cycle": clock.number,
        **({"team": str(clock.team)} if clock.team else {}),
        "zone": zone.key,
        **clock_shape(clock, now),
        **({"measured": _measured(clock, now)} if clock.is_recalculated else {}),
        "explanation": [
            {"kind": line.kind, "at": line.at.isoformat(), "text": line.text}
            for line in explain(cycle, now, zone, gettext, notes)
        ],
    }
    return {**shape, "policy": clock.policy_name} if lens.adjustments else shape


def _measured(clock: Clock, now: datetime) -> dict[str, str | None]:
    """Return what a recalculated clock would say without it."""
    due_at, breached_at = clock.measured_due_at, breached_as_measured(clock, now)
    return {
        "due_at": due_at.isoformat() if due_at else None,
        "breached_at": breached_at.isoformat() if breached_at else None,
    }
