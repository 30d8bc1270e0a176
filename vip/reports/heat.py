"""The figures of VIPs' tickets by two dimensions, counted by Postgres in one statement.

A ticket belongs to the hour, the day and the week in which it was opened, whatever is measured,
so that the tickets behind a cell are the same for each measure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils.translation import gettext_lazy as _

from nova.accounts.choices import VipLevel
from nova.accounts.models import Site
from nova.analytics.measures import Measure, Unit
from vip.reports.rules import Key

OPENED = "(t.opened_at AT TIME ZONE %(zone)s)"
OF_VIPS = """t.tenant_id = %(tenant)s AND t.deleted_at IS NULL AND t.vip_level <> ''
    AND t.opened_at >= %(since)s AND t.opened_at < %(until)s"""
FIGURES = {
    Unit.SECONDS: "percentile_cont(0.5) WITHIN GROUP (ORDER BY value)",
    Unit.SHARE: "avg(value)",
}
# With the sums of rows, of columns and of all in the same look.
COUNTED = """
    SELECT part, line, col, grouping(line), grouping(col), count(*), {figure}
    FROM (
        SELECT {part} AS part, {line} AS line, {column} AS col, o.value
        FROM ({observed}) AS o JOIN tickets_ticket t ON t.id = o.ticket_id WHERE {of_vips}
    ) AS seen
    GROUP BY GROUPING SETS ((part, line, col), (part, line), (col), ())
"""
LISTED = """
    SELECT 'T-' || t.number, t.title, t.vip_level, t.opened_at, o.value, count(*) OVER ()
    FROM ({observed}) AS o JOIN tickets_ticket t ON t.id = o.ticket_id
    WHERE {of_vips}{within} ORDER BY t.opened_at DESC, t.id DESC LIMIT %(limit)s
"""


class View(NamedTuple):
    """A way to lay out the map: what its parts, lines and columns are, by which SQL."""

    label: Any
    part: str
    line: str
    column: str


VIEWS: dict[str, View] = {
    "level_hour": View(
        _("Level by hour of the day"),
        "''",
        "t.vip_level",
        f"extract(hour FROM {OPENED})::int",
    ),
    "level_weekday": View(
        _("Level by weekday and hour"),
        "t.vip_level",
        f"extract(isodow FROM {OPENED})::int",
        f"extract(hour FROM {OPENED})::int",
    ),
    "site_week": View(
        _("Site by week"),
        "''",
        "coalesce(t.site_id, 0)",
        f"date_trunc('week', {OPENED})::date",
    ),
}


class Cell(NamedTuple):
    """How many observations, and their figure: a median of seconds, or a share from 0 to 1."""

    size: int
    figure: float


class Listed(NamedTuple):
    """One observation behind a cell. `total` is how many there are of it."""

    reference: str
    title: str
    level: str
    opened_at: datetime
    value: float
    total: int

    @property
    def level_label(self) -> str:
        return str(VipLevel(self.level).label)


@dataclass(frozen=True)
class Asked:
    """Which map: of one measure, laid out by `view`, within days of a zone (both inclusive)."""

    tenant_id: int
    view: str
    measure: Measure
    since: date
    until: date
    zone: ZoneInfo

    def values(self) -> dict[str, Any]:
        midnights = (self.since, self.until + timedelta(days=1))
        since, until = (datetime.combine(day, time(), self.zone) for day in midnights)
        zone = self.zone.key
        return {"tenant": self.tenant_id, "since": since, "until": until, "zone": zone}


def cells_of(asked: Asked) -> dict[Key, Cell]:
    """Count every cell of a map, and its sums."""
    view = VIEWS[asked.view]
    statement = COUNTED.format(
        part=view.part,
        line=view.line,
        column=view.column,
        figure=FIGURES[asked.measure.unit],
        observed=asked.measure.observed,
        of_vips=OF_VIPS,
    )
    cells = {}
    for part, line, column, no_line, no_column, count, figure in _rows(statement, asked.values()):
        if count:  # of nothing at all there is still one sum
            of_lines = Key() if no_line else Key(part, line)
            key = of_lines if no_column else of_lines._replace(column=column)
            cells[key] = Cell(count, figure)
    return cells


def behind(asked: Asked, key: Key, limit: int) -> list[Listed]:
    """Return the observations behind a cell, the newest tickets first."""
    view = VIEWS[asked.view]
    named: Mapping[str, Any] = {
        name: value for name, value in key._asdict().items() if value is not None
    }
    within = "".join(f" AND {getattr(view, name)} = %(key_{name})s" for name in named)
    statement = LISTED.format(observed=asked.measure.observed, of_vips=OF_VIPS, within=within)
    values = {f"key_{name}": value for name, value in named.items()}
    return [Listed(*row) for row in _rows(statement, {**asked.values(), **values, "limit": limit})]


def sites_named(ids: set[int]) -> dict[int, str]:
    """Return the names of sites, the tickets without one aside."""
    return dict(Site.objects.filter(pk__in=ids).order_by("name").values_list("pk", "name"))


def _rows(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
