"""How long things usually take: learnt from what was closed, and the same for everybody.

One statement measures all categories of a tenant; Redis keeps the answer for hours. Neither who
asks nor whose ticket it is has a part in it, so that it can tell nobody from anybody.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

import orjson
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nova import volatile
from tickets.choices import Status

WINDOW = timedelta(days=90)
FEWEST = 10  # tickets from which one may say "usually"
KEEP_SECONDS = 6 * 3600
MEASURE_SECONDS = 60
MINUTE, HOUR, DAY = 60, 3600, 24 * 3600
MEASURE = """
    SELECT coalesce(category_id, 0), percentile_cont(ARRAY[0.25, 0.75]) WITHIN GROUP (
        ORDER BY extract(epoch FROM resolved_at - opened_at))
    FROM tickets_ticket
    WHERE tenant_id = %s AND status = %s AND deleted_at IS NULL AND opened_at >= %s
    GROUP BY 1 HAVING count(*) >= %s
"""


@dataclass(frozen=True, slots=True)
class Span:
    """Between which two times half of the tickets around the median were solved."""

    least_seconds: float
    most_seconds: float

    def is_over(self, opened_at: datetime, now: datetime) -> bool:
        return (now - opened_at).total_seconds() > self.most_seconds

    def __str__(self) -> str:
        return span_words(self.least_seconds, self.most_seconds)


def usual_span(tenant_id: int, category_id: int | None, *, now: datetime) -> Span | None:
    """Return what tickets of a category usually take; None where too few were closed lately."""
    found = _kept(tenant_id) or _measured(tenant_id, now)
    return Span(*found[str(category_id or 0)]) if str(category_id or 0) in found else None


def span_words(least: float, most: float) -> str:
    """Return a range in the unit that fits its greater end: "in 2 to 6 hours", "within 1 day"."""
    unit = DAY if most > 2 * DAY else HOUR if most > 90 * MINUTE else MINUTE
    low, high = int(least // unit), max(1, ceil(most / unit))
    if low in (0, high):
        return _("within {span}").format(span=_unit_words(unit, high).format(count=high))
    count = _("{low} to {high}").format(low=low, high=high)
    return _("in {span}").format(span=_unit_words(unit, high).format(count=count))


def _unit_words(unit: int, number: int) -> str:
    if unit == DAY:
        return ngettext("{count} day", "{count} days", number)
    if unit == HOUR:
        return ngettext("{count} hour", "{count} hours", number)
    return ngettext("{count} minute", "{count} minutes", number)


def _kept(tenant_id: int) -> dict[str, list[float]]:
    kept = volatile.attempt(lambda redis: redis.get(_key(tenant_id)), None)
    found: dict[str, list[float]] = orjson.loads(kept) if kept else {}
    return found


def _measured(tenant_id: int, now: datetime) -> dict[str, list[float]]:
    """Measure, unless another request is at it: then, or without Redis, say nothing yet."""
    busy = f"{_key(tenant_id)}:busy"
    if not volatile.attempt(lambda redis: redis.set(busy, 1, nx=True, ex=MEASURE_SECONDS), None):
        return {}
    with connection.cursor() as cursor:
        cursor.execute(MEASURE, [tenant_id, Status.CLOSED, now - WINDOW, FEWEST])
        found = {str(category): list(quartiles) for category, quartiles in cursor.fetchall()}
    text = orjson.dumps(found)
    volatile.attempt(lambda redis: redis.set(_key(tenant_id), text, ex=KEEP_SECONDS), None)
    return found


def _key(tenant_id: int) -> str:
    return f"nova:usual:{tenant_id}"
