"""What clocks add to the ticket as the API shows it."""

from datetime import datetime
from typing import Any

from django.db import connection

from nova.hours import epoch_seconds, instant_at
from sla import rules
from sla.choices import ClockState, Method
from sla.models import Clock, hours_by
from tickets.lens import Lens

# Bare columns and whole seconds: a list has a hundred clocks, and a model of each costs more than
# all the rest of the list.
CLOCKS = """
    SELECT ticket_id, metric, state, target_seconds, counted_seconds, calendar_version_id,
        extract(epoch FROM running_since)::bigint, extract(epoch FROM due_at)::bigint,
        extract(epoch FROM breached_at)::bigint,
        p.method, p.probability, extract(epoch FROM p.median_at)::bigint,
        extract(epoch FROM p.late_at)::bigint, p.number
    FROM sla_clock LEFT JOIN sla_prediction p USING (ticket_id)
    WHERE ticket_id = ANY(%s) ORDER BY sla_clock.number, sla_clock.id
"""
PROJECTED = 9  # columns of the clock; those of the prediction follow


def add_clocks(page: dict[int, dict[str, Any]], lens: Lens, now: datetime) -> None:
    """Add `sla`, by metric the latest cycle as it stands now, for those who may see clocks."""
    if not lens.clocks:
        return
    for shape in page.values():
        shape["sla"] = {}
    with connection.cursor() as cursor:
        cursor.execute(CLOCKS, [list(page)])
        for row in cursor.fetchall():
            ticket_id, metric, projection = row[0], row[1], row[2:PROJECTED]
            page[ticket_id]["sla"][metric] = _projected(now, *projection)
            if row[PROJECTED]:
                page[ticket_id]["sla"]["prediction"] = _predicted(*row[PROJECTED:])


def clock_shape(clock: Clock, now: datetime) -> dict[str, Any]:
    """Return one clock as the API shows it. Remaining seconds below zero are time overdue."""
    standing = rules.standing(clock.cycle(), now)
    return {
        "state": clock.state,
        "target_seconds": standing.target_seconds,
        "elapsed_seconds": standing.elapsed_seconds,
        "remaining_seconds": standing.remaining_seconds,
        "due_at": _instant(standing.due_at),
        "breached_at": _instant(standing.breach_at),
    }


def _projected(
    now: datetime,
    state: str,
    target: int,
    elapsed: int,
    version_id: int,
    since: int | None,
    due: int | None,
    breached: int | None,
) -> dict[str, Any]:
    """Return what `clock_shape` would, from the stored projection: only a running clock moves."""
    if state == ClockState.RUNNING and since is not None:
        elapsed += hours_by(version_id).open_seconds(instant_at(since), now)
        breached = due if due is not None and epoch_seconds(now) > due else None
    return {
        "state": state,
        "target_seconds": target,
        "elapsed_seconds": elapsed,
        "remaining_seconds": target - elapsed,
        "due_at": None if due is None else instant_at(due).isoformat(),
        "breached_at": None if breached is None else instant_at(breached).isoformat(),
    }


def _predicted(
    method: str, probability: float, median: int, late: int, number: int | None
) -> dict[str, Any]:
    return {
        "method": method,
        "model": number if method == Method.MODEL else None,
        "probability": round(probability, 3),
        "expected_at": instant_at(median).isoformat(),
        "expected_by": instant_at(late).isoformat(),
    }


def _instant(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
