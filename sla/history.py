"""What the stages of a ticket do to a clock, now or looking back. Pure."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sla import rules
from sla.choices import Metric
from sla.ledger import Cycle, Cycles, Entry, Kind, Terms
from tickets.choices import Status

DONE = (Status.RESOLVED, Status.CLOSED)
TAKEN_UP_AGAIN = (Metric.RESOLUTION, Metric.OLA)
Stage = tuple[datetime, str]


def verb_of(
    metric: str, pause_on: Collection[str], stage: str, *, is_response: bool = False
) -> Kind | None:
    """Return what entering a stage does to a clock; None leaves it alone.

    Stop what was met, pause while awaiting, resume after it. A reopening takes up again the
    resolution and the team's part in it; an answer once given stays given.
    """
    if stage == Status.REOPENED:
        return Kind.REOPENED if metric in TAKEN_UP_AGAIN else None
    if stage in DONE or (is_response and metric == Metric.RESPONSE):
        return Kind.STOPPED
    return Kind.PAUSED if stage in pause_on else Kind.RESUMED


def entries_of(
    metric: str,
    pause_on: Collection[str],
    reopen: str,
    stages: Iterable[Stage],
    responded_at: datetime | None,
) -> list[Entry]:
    """Return what a ticket's stages after its first did to a clock, oldest first.

    `responded_at` is when somebody first answered, by a stage or in words.
    """
    entries = []
    for at, stage in stages:
        kind = verb_of(metric, pause_on, stage)
        if kind:
            entries.append(Entry(at, kind, mode=reopen if kind == Kind.REOPENED else ""))
    if responded_at and metric == Metric.RESPONSE:
        entries.append(Entry(responded_at, Kind.STOPPED))
    return sorted(entries, key=lambda entry: entry.at)


def lived(
    terms: Terms, opened_at: datetime, entries: Iterable[Entry], *, until: datetime
) -> Cycles:
    """Return the cycles of a clock that began at `opened_at` and lived so."""
    return carried_on(rules.start(terms, opened_at).cycle, entries, until=until)


def carried_on(cycle: Cycle, entries: Iterable[Entry], *, until: datetime) -> Cycles:
    """Return what `entries` make of a cycle: it and those that followed.

    A breach that shows by `until` is noted, dated when it happened.
    """
    before: Cycles = ()
    for entry in entries:
        *ended, cycle = rules.record(cycle, entry).cycles
        before = (*before, *ended)
    return (*before, *rules.note_breach(cycle, until).cycles)
