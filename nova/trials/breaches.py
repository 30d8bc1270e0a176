"""How soon a breach is written: among a million running clocks some fall due, worker and beat on.

A breach is dated at the instant that the clock ran out. What is measured is how much later the
ledger has it: when the sweep that wrote it looked (`recorded_at`), and when others could read it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from statistics import median
from time import sleep
from typing import Any

import psycopg

from nova.trials.casting import cast, told_by
from nova.trials.loading import fill
from nova.trials.measuring import p95
from nova.trials.stage import Stage

SLUG = "ticking"
DUE, SPREAD_SECONDS, PATIENCE_SECONDS = 300, 60, 60
LOOK_SECONDS = 0.1
RUNNING = "SELECT count(*) FROM sla_clock WHERE tenant_id = %s AND state = 'running'"
# Clocks that have been warned of already, so that the breach is all that is left of them.
FALL_DUE = """
    UPDATE sla_clock SET
        due_at = due, next_action_at = due, started_at = since, changed_at = since,
        running_since = since, fired = '{50,75,90}'
    FROM (
        SELECT id AS chosen, due, due - target_seconds * interval '1 second' AS since
        FROM (
            SELECT sla_clock.id, target_seconds, date_trunc('second', now()
                + interval '2 seconds' + row_number() OVER (ORDER BY sla_clock.id DESC)
                * %(spread)s * interval '1 second' / %(due)s) AS due
            FROM sla_clock JOIN tickets_ticket AS ticket ON ticket.id = ticket_id
            WHERE sla_clock.tenant_id = %(tenant)s AND state = 'running' AND breached_at IS NULL
                -- a VIP's clocks may be measured anew meanwhile
                AND vip_level = '' AND requester_id <> ALL(%(vips)s)
            ORDER BY sla_clock.id DESC LIMIT %(due)s
        ) AS numbered
    ) AS falling
    WHERE id = chosen RETURNING id, due_at
"""
OF_VIPS = "SELECT count(*) FROM tickets_ticket WHERE requester_id = ANY(%s)"
SEEN = "SELECT id FROM sla_clock WHERE id = ANY(%s) AND breached_at IS NOT NULL"
WRITTEN = """
    SELECT clock.id, entry.at, entry.recorded_at FROM sla_clock AS clock
    JOIN sla_ledgerentry AS entry USING (ticket_id, metric)
    WHERE clock.id = ANY(%s) AND entry.kind = 'breached'
"""
TOLD = """
    SELECT count(*) FROM events_eventrecord JOIN sla_clock AS clock
        ON subject = 'ticket' AND subject_id = ticket_id AND payload ->> 'metric' = metric
    WHERE clock.id = ANY(%s) AND name = 'sla.ClockBreached'
"""


class Breaches:
    """One measurement: how many clocks run, and how late the breaches of some were."""

    def __init__(self, clocks: int, say: Callable[[str], None]) -> None:
        self.clocks, self.say = clocks, say

    def load(self, stage: Stage) -> None:
        """Fill a tenant in which all tickets are open, before anything sweeps."""
        tenant = cast(stage, SLUG)
        tickets = self.clocks * 6 // 7  # most have one running clock, those not taken up two
        fill(stage.owner_url, tenant.tenant_id, tenant.readers, tickets, open_share=1)

    def measure(self, stage: Stage) -> None:
        """Let clocks fall due, one after the other, and tell how late their breaches are.

        Once while little else is to do, and once while thousands of tickets become VIPs'.
        """
        tenant_id = cast(stage, SLUG).tenant_id
        with psycopg.connect(stage.owner_url, autocommit=True) as database:
            [(running,)] = database.execute(RUNNING, [tenant_id]).fetchall()
            self.say(f"{running:,} running clocks, {DUE} due within {SPREAD_SECONDS} s")
            _watch(database, _fall_due(database, tenant_id, 1))  # until the worker is at work
            self._tell(database, tenant_id)
            vips = told_by(stage, "nova.trials.elevate", SLUG)
            [(tickets,)] = database.execute(OF_VIPS, [vips]).fetchall()
            self.say(f"while {tickets:,} tickets become VIPs' at once:")
            self._tell(database, tenant_id, vips)

    def _tell(
        self, database: psycopg.Connection[Any], tenant_id: int, vips: Sequence[int] = ()
    ) -> None:
        due = _fall_due(database, tenant_id, DUE, vips)
        seen = _watch(database, due)
        written = database.execute(WRITTEN, [list(due)]).fetchall()
        [(told,)] = database.execute(TOLD, [list(due)]).fetchall()
        for text in (*_lags(due, seen, written), *_counts(due, written, told)):
            self.say(text)


def _fall_due(
    database: psycopg.Connection[Any], tenant_id: int, count: int, vips: Sequence[int] = ()
) -> dict[int, datetime]:
    spread = SPREAD_SECONDS * count / DUE
    asked = {"tenant": tenant_id, "due": count, "spread": spread, "vips": list(vips)}
    return dict(database.execute(FALL_DUE, asked).fetchall())


def _watch(database: psycopg.Connection[Any], due: dict[int, datetime]) -> dict[int, datetime]:
    """Look again and again; return when each breach was first to be read."""
    seen: dict[int, datetime] = {}
    until = max(due.values()) + timedelta(seconds=PATIENCE_SECONDS)
    while len(seen) < len(due) and datetime.now(UTC) < until:
        found = database.execute(SEEN, [[pk for pk in due if pk not in seen]]).fetchall()
        seen |= dict.fromkeys((pk for (pk,) in found), datetime.now(UTC))
        sleep(LOOK_SECONDS)
    return seen


def _lags(
    due: dict[int, datetime],
    seen: dict[int, datetime],
    written: Iterable[tuple[int, datetime, datetime]],
) -> Iterator[str]:
    yield _line("recorded", [recorded_at - at for _, at, recorded_at in written])
    yield _line("to be read", [at - due[pk] for pk, at in seen.items()])


def _line(what: str, lags: Sequence[timedelta]) -> str:
    late = [lag.total_seconds() for lag in lags] or [float("inf")]
    return (
        f"{what:<12} after the instant: median {median(late):.2f} s, "
        f"p95 {p95(late):.2f} s, at most {max(late):.2f} s"
    )


def _counts(
    due: dict[int, datetime], written: Sequence[tuple[int, datetime, datetime]], told: int
) -> Iterator[str]:
    found = {pk: at for pk, at, _ in written}
    misdated = sum(due[pk] != at for pk, at in found.items())
    missing, doubled = len(due) - len(found), len(written) - len(found)
    yield f"missing {missing}, doubled {doubled}, misdated {misdated}, announced {told}"
