"""Assignment at size: ten thousand tickets matched with five hundred engineers, the verb that
stores it, and how soon a fresh ticket has a primary and a backup, worker and beat on.
"""

from collections.abc import Callable, Iterator, Sequence
from statistics import median
from time import monotonic, sleep
from typing import Any, NamedTuple

import psycopg

from nova.trials.cases import opener
from nova.trials.casting import Cast, cast, told_by
from nova.trials.client import Answer
from nova.trials.loading import fill
from nova.trials.measuring import GOOD, p95
from nova.trials.stage import Stage

WAITING, STAFFED = "waiting", "staffed"
STORED = 1000  # tickets that the verb gives out at once
OPEN_SHARE, OPENINGS, WARM_UP = 0.05, 100, 5
PATIENCE_SECONDS, LOOK_SECONDS = 30.0, 0.005
# As others read it, by a connection of their own.
BOTH = """
    SELECT count(*) FROM tickets_ticket WHERE tenant_id = %s AND number = %s
    AND assignee_id IS NOT NULL AND backup_id IS NOT NULL
"""


class Sizes(NamedTuple):
    """How many tickets wait for how many engineers; how many a desk has, and for whom."""

    waiting: int = 10_000
    engineers: int = 500
    desk: int = 100_000
    staff: int = 200


QUICK = Sizes(waiting=1_000, engineers=100, desk=2_000, staff=50)


class Matching:
    """One measurement of assignment."""

    def __init__(self, sizes: Sizes, say: Callable[[str], None]) -> None:
        self.sizes, self.say = sizes, say
        self.figures: dict[str, Any] = {}

    def give_out(self, stage: Stage) -> None:
        """Match all that waits, judge it, and store the first of it by the verb."""
        sizes = self.sizes
        _staff(stage, WAITING, sizes.waiting, 1, sizes.engineers, "waiting")
        self.figures |= told_by(stage, "nova.trials.giving", WAITING, str(STORED))
        for line in _matched(self.figures["matched"], self.figures["given"]):
            self.say(line)

    def load(self, stage: Stage) -> None:
        """Fill a desk in which somebody has what is open, before anything follows it."""
        _staff(stage, STAFFED, self.sizes.desk, OPEN_SHARE, self.sizes.staff, "held")

    def follow(self, stage: Stage) -> None:
        """Open tickets one after the other, and look when each has somebody."""
        tenant = cast(stage, STAFFED)
        ask = opener(tenant.program("lead"), tenant)
        with psycopg.connect(stage.owner_url, autocommit=True) as database:
            for _ in range(WARM_UP):  # until web and worker are at work
                _named(database, tenant, ask)
            found = [_named(database, tenant, ask) for _ in range(OPENINGS)]
        self.figures["opened"] = [{"answered": a, "named": n} for a, n in found]
        for line in _lines(found, self.sizes):
            self.say(line)


def _staff(stage: Stage, slug: str, tickets: int, share: float, engineers: int, way: str) -> None:
    tenant = cast(stage, slug)
    fill(stage.owner_url, tenant.tenant_id, tenant.readers, tickets, open_share=share)
    told_by(stage, "nova.trials.crew", slug, str(engineers), way)
    with psycopg.connect(stage.owner_url, autocommit=True) as database:
        database.execute("ANALYZE")


def _named(
    database: psycopg.Connection[Any], tenant: Cast, ask: Callable[[], Answer]
) -> tuple[float, float]:
    """Open a ticket; return after how many seconds it was answered, and had both.

    Infinity: it was refused, or had them not in `PATIENCE_SECONDS`.
    """
    began = monotonic()
    answer = ask()
    answered = monotonic() - began
    if answer.status >= GOOD:
        return answered, float("inf")
    number = int(answer.json()["reference"].rpartition("-")[2])
    while monotonic() - began < PATIENCE_SECONDS:
        [(both,)] = database.execute(BOTH, [tenant.tenant_id, number]).fetchall()
        if both:
            return answered, monotonic() - began
        sleep(LOOK_SECONDS)
    return answered, float("inf")


def _matched(matched: dict[str, Any], given: dict[str, Any]) -> Iterator[str]:
    yield (
        f"{matched['tickets']:,} waiting tickets over {matched['engineers']:,} engineers: matched "
        f"in {matched['matching_seconds']:.1f} s ({matched['matching_cpu']:.1f} s of processor), "
        f"{matched['given']:,} given, read in "
        f"{matched['reading_seconds']:.1f} s, {matched['peak_mib']:.0f} MiB at most in all"
    )
    yield (
        f"  given past a gate or twice: {matched['forced'] + matched['doubled']}; left although "
        f"somebody's room is for nothing heavier: {matched['left']}"
    )
    yield (
        f"{given['tickets']:,} of them stored at once: {given['seconds']:.1f} s "
        f"({given['cpu']:.1f} s of its processor), "
        f"{given['statements']} statements, {given['given']:,} given, "
        f"{given['cards_mib']:.0f} MiB of cards, {given['peak_mib']:.0f} MiB at most"
    )


def _lines(found: Sequence[tuple[float, float]], sizes: Sizes) -> Iterator[str]:
    yield (
        f"{len(found)} tickets opened one after the other, {sizes.staff} engineers, "
        f"{sizes.desk:,} tickets:"
    )
    yield _line("answered", [answered for answered, _ in found])
    yield _line("has primary and backup", [named for _, named in found])
    yield _line("so much after the answer", [named - answered for answered, named in found])


def _line(what: str, seconds: Sequence[float]) -> str:
    return (
        f"  {what:<26} median {median(seconds) * 1000:.0f} ms, p95 {p95(seconds) * 1000:.0f} ms, "
        f"at most {max(seconds) * 1000:.0f} ms"
    )
