"""What clocks add to reports of others: whether promises were kept, by which terms."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nova.analytics import columns, measures
from sla.choices import ClockState, Metric

# A verdict is a finished cycle, or a live one that is breached already (docs/decisions/0052).
JUDGED = """
    SELECT ticket_id, (breached_at IS NULL)::int::double precision AS value FROM sla_clock
    WHERE metric = 'resolution' AND state <> 'cancelled'
        AND (ended_at IS NOT NULL OR breached_at IS NOT NULL)
"""
# The last cycle of each target, and which other terms came to measure it.
CLOCKS = """
    SELECT DISTINCT ON (ticket_id, metric) ticket_id, metric, state, policy_name, target_seconds,
        due_at, ended_at, breached_at
    FROM sla_clock
    WHERE ticket_id = ANY(%(ids)s) AND metric IN ('response', 'resolution')
        AND started_at <= %(now)s
    ORDER BY ticket_id, metric, number DESC
"""
SWITCHED = """
    SELECT subject_id, string_agg(
        concat_ws(' → ', payload ->> 'before', payload ->> 'after'), '; ' ORDER BY id)
    FROM events_eventrecord
    WHERE subject = 'ticket' AND subject_id = ANY(%(ids)s) AND name = 'sla.PolicySwitched'
    GROUP BY subject_id
"""
METRICS = (Metric.RESPONSE, Metric.RESOLUTION)
HEADS = (
    *(_("policy"), _("policies before")),
    *(_("response target"), _("response due"), _("response ended")),
    _("response verdict"),
    *(_("resolution target"), _("resolution due"), _("resolution ended")),
    _("resolution verdict"),
)


def promised(ids: Sequence[int], now: datetime) -> columns.Cells:
    """Return by ticket the policy that measured it last, and both targets with their verdicts."""
    values = {"ids": list(ids), "now": now}
    switched = dict(_rows(SWITCHED, values))
    clocks: dict[int, dict[str, tuple[Any, ...]]] = {}
    for ticket_id, metric, *clock in _rows(CLOCKS, values):
        clocks.setdefault(ticket_id, {})[metric] = tuple(clock)
    return {
        pk: (_policy(of), switched.get(pk, ""), *(cell for m in METRICS for cell in _told(of, m)))
        for pk, of in clocks.items()
    }


def _policy(clocks: dict[str, tuple[Any, ...]]) -> str:
    clock = clocks.get(Metric.RESOLUTION) or clocks.get(Metric.RESPONSE)
    return str(clock[1]) if clock else ""


def _told(clocks: dict[str, tuple[Any, ...]], metric: str) -> tuple[Any, ...]:
    if metric not in clocks:
        return None, None, None, ""
    state, _policy_name, target, due_at, ended_at, breached_at = clocks[metric]
    return timedelta(seconds=target), due_at, ended_at, _verdict(state, ended_at, breached_at)


def _verdict(state: str, ended_at: datetime | None, breached_at: datetime | None) -> str:
    if state == ClockState.CANCELLED:
        return gettext("cancelled")
    if breached_at:
        return gettext("breached")
    return gettext("in time") if ended_at else gettext("running")


def _rows(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


IN_TIME = _("Solved in time")
SHARE = measures.Unit.SHARE
measures.register(measures.Measure("compliance", IN_TIME, SHARE, JUDGED, "sla.view_clock"))
columns.register(columns.Columns("promises", HEADS, promised, "tickets.view_sla_adjustments"))
