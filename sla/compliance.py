"""How well the promises were kept: counted by Postgres, in both truths, ready to be drilled.

A verdict is a finished cycle, or a live one that is breached already; cancelled ones have none.
It belongs to the day on which it ended, or else was breached. *As measured then* is what the
clock says without the recalculations that came later.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nova.accounts.choices import VipLevel
from nova.accounts.models import Service, Site, Team
from nova.tenancy.fence import inside
from sla.models import Policy, hours_by
from tickets.choices import Priority
from tickets.lens import Lens

DATED = "coalesce(c.ended_at, c.breached_at, c.measured_breached_at)"
VERDICTS = """
    SELECT c.id, c.ticket_id, {key} AS key, {dated} AS dated_at, c.counted_seconds,
        c.target_seconds, c.ended_at, c.due_at, c.policy_name, c.calendar_version_id,
        CASE WHEN c.state <> 'running' THEN c.counted_seconds - c.target_seconds END AS over,
        c.breached_at IS NOT NULL AS is_breached,
        c.ended_at IS NOT NULL OR c.breached_at IS NOT NULL AS has_verdict,
        CASE WHEN c.is_recalculated THEN c.measured_breached_at IS NOT NULL
                OR (c.state = 'running' AND c.measured_due_at < %(now)s)
            ELSE c.breached_at IS NOT NULL END AS was_breached
    FROM sla_clock c JOIN tickets_ticket t ON t.id = c.ticket_id
    WHERE c.tenant_id = %(tenant)s AND c.metric = %(metric)s AND c.state <> 'cancelled'
        AND {dated} >= %(since)s AND {dated} < %(until)s AND t.deleted_at IS NULL{kept}
"""
COUNTED = """
    SELECT key,
        count(*) FILTER (WHERE has_verdict),
        count(*) FILTER (WHERE has_verdict AND is_breached),
        count(*) FILTER (WHERE ended_at IS NOT NULL OR was_breached),
        count(*) FILTER (WHERE was_breached),
        percentile_cont(0.5) WITHIN GROUP (ORDER BY counted_seconds)
            FILTER (WHERE ended_at IS NOT NULL)
    FROM ({verdicts}) AS verdict GROUP BY key ORDER BY key NULLS LAST
"""
WAITED = """
    SELECT reason, count(*), count(DISTINCT ticket_id),
        sum(extract(epoch FROM coalesce(until, %(now)s) - at))::bigint
    FROM (
        SELECT l.ticket_id, l.kind, l.reason, l.at,
            lead(l.at) OVER (PARTITION BY l.ticket_id ORDER BY l.id) AS until
        FROM sla_ledgerentry l
        WHERE l.metric = %(metric)s AND l.kind NOT IN {unmoved} AND l.ticket_id IN (
            SELECT ticket_id FROM ({verdicts}) AS verdict WHERE has_verdict)
    ) AS entry WHERE kind = 'paused' GROUP BY reason ORDER BY 4 DESC, 1 LIMIT %(limit)s
"""
# Of other terms, or of a breach, is told while a clock waits, and it waits on.
UNMOVED = "('breached', 'recalculated', 'policy_switched')"
LISTED = """
    SELECT 'T-' || t.number, t.title, v.policy_name, v.target_seconds, v.due_at, v.ended_at,
        v.is_breached, v.was_breached, v.over, v.dated_at, v.id, v.calendar_version_id
    FROM ({verdicts}) AS v JOIN tickets_ticket t ON t.id = v.ticket_id
    WHERE {kept}{after} ORDER BY {order} LIMIT %(limit)s
"""
MOST_DAYS = 3 * 366


class Dimension(NamedTuple):
    """A way to divide verdicts: what it is called, by which SQL, and who may see it so."""

    label: Any
    key: str
    lens: str = "clocks"


DIMENSIONS: dict[str, Dimension] = {
    "priority": Dimension(_("Priority"), "t.priority"),
    "team": Dimension(_("Team"), "coalesce(c.team_id, t.team_id)"),
    "service": Dimension(_("Service"), "t.service_id"),
    "site": Dimension(_("Site"), "t.site_id"),
    "policy": Dimension(_("Policy"), "c.policy_id", "adjustments"),
    "is_vip": Dimension(_("VIP or not"), "t.vip_level <> ''", "vip"),
    "vip": Dimension(_("VIP level"), "nullif(t.vip_level, '')", "vip"),
    "week": Dimension(_("Week"), f"date_trunc('week', {DATED}, %(zone)s)"),
    "month": Dimension(_("Month"), f"date_trunc('month', {DATED}, %(zone)s)"),
}
NAMED: dict[str, Any] = {"team": Team, "service": Service, "site": Site, "policy": Policy}
CHOSEN: dict[str, Any] = {"priority": Priority, "vip": VipLevel}
# What the drilled lists may be of, in either truth.
OUTCOMES = {
    "now": {
        "all": "v.has_verdict",
        "met": "v.has_verdict AND NOT v.is_breached",
        "breached": "v.has_verdict AND v.is_breached",
    },
    "then": {
        "all": "(v.ended_at IS NOT NULL OR v.was_breached)",
        "met": "v.ended_at IS NOT NULL AND NOT v.was_breached",
        "breached": "v.was_breached",
    },
}


@dataclass(frozen=True)
class Asked:
    """Which verdicts: of one metric, within days of a zone (both inclusive), narrowed by `only`.

    `only` holds by dimension the key that is wanted; None is for those without one.
    """

    tenant_id: int
    metric: str
    since: date
    until: date
    zone: ZoneInfo
    now: datetime
    only: Mapping[str, Any]

    def values(self) -> dict[str, Any]:
        """Return what the statements need beside their text."""
        midnights = (self.since, self.until + timedelta(days=1))
        since, until = (datetime.combine(day, time(), self.zone) for day in midnights)
        return {
            "tenant": self.tenant_id,
            "metric": self.metric,
            "since": since,
            "until": until,
            "zone": self.zone.key,
            "now": self.now,
            **{f"only_{name}": key for name, key in self.only.items()},
        }

    def verdicts(self, by: str) -> str:
        """Return the statement that names every verdict, with its key of a dimension."""
        kept = "".join(
            f" AND {DIMENSIONS[name].key} IS NOT DISTINCT FROM %(only_{name})s"
            for name in self.only
        )
        return VERDICTS.format(key=DIMENSIONS[by].key, dated=DATED, kept=kept)


class Line(NamedTuple):
    """The verdicts of one key, in both truths. Seconds are of open time."""

    key: Any
    name: str
    verdicts: int
    breached: int
    verdicts_then: int
    breached_then: int
    median_seconds: float | None

    @property
    def met(self) -> int:
        return self.verdicts - self.breached

    @property
    def compliance(self) -> float | None:
        """Return the share that was in time, or None where nothing was to be judged."""
        return self.met / self.verdicts if self.verdicts else None

    @property
    def compliance_then(self) -> float | None:
        met = self.verdicts_then - self.breached_then
        return met / self.verdicts_then if self.verdicts_then else None


class Waited(NamedTuple):
    """How long clocks of one metric waited for one reason. Seconds are of the wall clock."""

    reason: str
    pauses: int
    tickets: int
    seconds: int


class Judged(NamedTuple):
    """One verdict, for a list of tickets. `over_seconds` of open time below zero are to spare."""

    reference: str
    title: str
    policy: str
    target_seconds: int
    due_at: datetime | None
    ended_at: datetime | None
    is_breached: bool
    was_breached: bool
    over_seconds: int
    dated_at: datetime
    pk: int


def offered(lens: Lens) -> dict[str, Dimension]:
    """Return the dimensions that a viewer may divide by."""
    return {name: d for name, d in DIMENSIONS.items() if getattr(lens, d.lens)}


def lines_of(asked: Asked, by: str) -> list[Line]:
    """Count verdicts by a dimension, in its order."""
    rows = _rows(COUNTED.format(verdicts=asked.verdicts(by)), asked.values())
    names = _names(by, [row[0] for row in rows])
    return [Line(key, names.get(key, ""), *counts) for key, *counts in rows]


def total_of(lines: Sequence[Line]) -> Line:
    """Add up lines; a median cannot be added."""
    return Line(
        key=None,
        name="",
        verdicts=sum(line.verdicts for line in lines),
        breached=sum(line.breached for line in lines),
        verdicts_then=sum(line.verdicts_then for line in lines),
        breached_then=sum(line.breached_then for line in lines),
        median_seconds=None,
    )


def waits_of(asked: Asked, limit: int = 20) -> list[Waited]:
    """Return for what the clocks of judged tickets waited, the costliest first."""
    statement = WAITED.format(verdicts=asked.verdicts("priority"), unmoved=UNMOVED)
    return [Waited(*row) for row in _rows(statement, {**asked.values(), "limit": limit})]


def worst_of(asked: Asked, limit: int = 10) -> list[Judged]:
    """Return the tickets that are furthest over their target."""
    # By the clock on the wall where a cycle still runs: exactly is counted only what is shown.
    order = "coalesce(v.over, extract(epoch FROM %(now)s - v.due_at)) DESC, v.id"
    found = _listed(asked, OUTCOMES["now"]["breached"], order, 5 * limit)
    return sorted(found, key=lambda verdict: -verdict.over_seconds)[:limit]


def judged(
    asked: Asked, outcome: str, truth: str, limit: int, after: tuple[datetime, int] | None = None
) -> list[Judged]:
    """Return verdicts behind a number, the newest first; `after` is the place of the last seen."""
    kept = OUTCOMES[truth][outcome]
    return _listed(asked, kept, "v.dated_at DESC, v.id DESC", limit, after)


def every_judged(asked: Asked, outcome: str, truth: str, chunk: int = 500) -> Iterator[Judged]:
    """Yield all verdicts behind a number. Each page is read in a transaction of its own."""
    after = None
    while True:
        with inside(asked.tenant_id):
            page = judged(asked, outcome, truth, chunk, after)
        yield from page
        if len(page) < chunk:
            return
        after = (page[-1].dated_at, page[-1].pk)


def _listed(
    asked: Asked,
    kept: str,
    order: str,
    limit: int,
    after: tuple[datetime, int] | None = None,
) -> list[Judged]:
    values = {**asked.values(), "limit": limit}
    place = ""
    if after:
        place = " AND (v.dated_at, v.id) < (%(after_at)s, %(after_pk)s)"
        values |= {"after_at": after[0], "after_pk": after[1]}
    verdicts = asked.verdicts("priority")
    statement = LISTED.format(verdicts=verdicts, kept=kept, after=place, order=order)
    return [_judged(asked.now, *row) for row in _rows(statement, values)]


def _judged(now: datetime, *row: Any) -> Judged:
    """Return a verdict; what a running cycle is over by grows in open time from its due time."""
    *head, over, dated_at, pk, calendar_version_id = row
    due_at = head[4]
    if over is None:
        over = hours_by(calendar_version_id).open_seconds(due_at, now) if due_at else 0
    return Judged._make([*head, over, dated_at, pk])


def _rows(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _names(by: str, keys: Sequence[Any]) -> dict[Any, str]:
    """Return what the keys of a dimension are called; days are named by whoever shows them."""
    if by == "is_vip":
        return {True: gettext("VIPs"), False: gettext("Everybody else")}
    if by in CHOSEN:
        return {key: str(CHOSEN[by](key).label) for key in keys if key is not None}
    if by in NAMED:
        rows = NAMED[by]._default_manager.filter(pk__in=[key for key in keys if key is not None])
        return {row.pk: str(row) for row in rows}
    return {}
