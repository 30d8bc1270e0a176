"""The ledger of a clock, and how its entries fold into cycles. Pure; no models, no clock.

Entries are facts and are never changed. Folding them is idempotent: an entry that cannot count in
the state it meets (a second pause, a stop after the stop) changes nothing.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import reduce
from typing import Any, NamedTuple

from nova.hours import WorkingHours, epoch_seconds, instant_at


class Kind(StrEnum):
    """What a ledger entry records."""

    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    POLICY_SWITCHED = "policy_switched"
    RECALCULATED = "recalculated"
    STOPPED = "stopped"
    BREACHED = "breached"
    CANCELLED = "cancelled"
    REOPENED = "reopened"


class State(StrEnum):
    """Where a cycle stands. A breach is a flag with an instant, never a state."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    CANCELLED = "cancelled"


class SwitchMode(StrEnum):
    """What a new policy does to a running cycle: keep its time, or end it and begin another."""

    RETROACTIVE = "retroactive"
    RESTART = "restart"


class ReopenMode(StrEnum):
    """What a reopening does to a stopped cycle."""

    CONTINUE = "continue"
    NEW_CYCLE = "new_cycle"
    AS_IF_NEVER_STOPPED = "as_if_never_stopped"


class RecalculationMode(StrEnum):
    """What a recalculation does: recount by other terms, or take back the last one that did."""

    APPLIED = ""
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a cycle is measured by, copied from the policy.

    Shares of the target (50 %, 75 %) are reached at the end of a whole `grain_seconds`: 1 on live
    clocks, 60 where a calculation is made in minutes.
    """

    target_seconds: int
    hours: WorkingHours
    grain_seconds: int = 1


class Entry(NamedTuple):
    """One fact of the ledger. Each is complete: replaying it asks no policy.

    `terms` comes with started, policy_switched and recalculated, and with a reopened that meets
    another policy; `mode` is a `SwitchMode` on policy_switched, a `ReopenMode` on reopened and a
    `RecalculationMode` on recalculated.
    """

    at: datetime
    kind: Kind
    terms: Terms | None = None
    mode: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """A finished stretch in which a cycle ran by one calendar, and the open seconds in it."""

    hours: WorkingHours
    began_at: datetime
    ended_at: datetime
    seconds: int


class Cycle(NamedTuple):
    """One measurement from a start to its end, as folded up to its last entry.

    A tuple, because a fold makes one for each entry, and a bulk edit folds thousands of ledgers.
    The fields up to `breaches_noted` are a snapshot that carries on without the ledger. `runs`
    and `entries` are the history behind it, which an explanation, a policy switch and a
    recalculation need. `recounted` are the runs as each recalculation that still holds found them.
    """

    number: int
    terms: Terms
    state: State
    started_at: datetime
    changed_at: datetime
    counted_seconds: int = 0  # in finished runs
    running_since: datetime | None = None  # set while running
    ran_until: datetime | None = None  # the end of the last finished run
    reached_at: datetime | None = None  # when the finished runs reached the target, if they did
    ended_at: datetime | None = None  # set while stopped or cancelled
    breaches_noted: frozenset[datetime] = frozenset()  # what the ledger records; relief keeps it
    runs: tuple[Run, ...] = ()
    entries: tuple[Entry, ...] = ()
    recounted: tuple[tuple[Run, ...], ...] = ()


Cycles = tuple[Cycle, ...]

LIVE = frozenset({State.RUNNING, State.PAUSED})
COUNTS_IN: dict[Kind, frozenset[State]] = {
    Kind.STARTED: frozenset({State.STOPPED, State.CANCELLED}),
    Kind.PAUSED: frozenset({State.RUNNING}),
    Kind.RESUMED: frozenset({State.PAUSED}),
    Kind.POLICY_SWITCHED: LIVE,
    Kind.RECALCULATED: LIVE,
    Kind.STOPPED: LIVE,
    Kind.CANCELLED: LIVE,
    Kind.REOPENED: frozenset({State.STOPPED}),
    Kind.BREACHED: frozenset(State),
}


def fold(entries: Iterable[Entry]) -> Cycles:
    """Return the cycles that `entries` make, by their instants; equal ones in the order given."""
    return reduce(apply, sorted(entries, key=lambda entry: entry.at), ())


def apply(cycles: Cycles, entry: Entry) -> Cycles:
    """Return `cycles` after `entry`, no older than the last; unchanged if it cannot count."""
    entry = entry._replace(at=whole_second(entry.at))
    if not cycles:
        return (_opened(1, entry),) if entry.kind == Kind.STARTED else ()
    *before, cycle = cycles
    if not counts(entry, cycle):
        return cycles
    return (*before, *_CHANGES[entry.kind](cycle, entry))


def counts(entry: Entry, cycle: Cycle | None) -> bool:
    """Say whether `entry` changes `cycle`, or, where there is none, begins one."""
    if cycle is None:
        return entry.kind == Kind.STARTED
    return cycle.state in COUNTS_IN[entry.kind]


def whole_second(at: datetime) -> datetime:
    """Return `at` in UTC, cut to its second: the clocks of Nova tick in seconds."""
    return instant_at(epoch_seconds(at))


class HistoryMissing(ValueError):
    """A snapshot was asked for what only the whole ledger knows: fold the entries first."""


def require_history(cycle: Cycle) -> None:
    """Raise `HistoryMissing` unless `cycle` carries every run that it counted."""
    if sum(run.seconds for run in cycle.runs) != cycle.counted_seconds:
        raise HistoryMissing(f"Cycle {cycle.number} carries its snapshot only.")


def reached_in_runs(runs: Iterable[Run], seconds: int) -> datetime | None:
    """Return when `runs` had counted `seconds`, or None if they never did."""
    for run in runs:
        if seconds <= run.seconds:
            return run.hours.advance(run.began_at, seconds)
        seconds -= run.seconds
    return None


def _opened(number: int, entry: Entry, terms: Terms | None = None) -> Cycle:
    measured_by = entry.terms or terms
    if measured_by is None:
        raise ValueError(f"{entry.kind} at {entry.at} brings no terms to start with.")
    return Cycle(
        number=number,
        terms=measured_by,
        state=State.RUNNING,
        started_at=entry.at,
        changed_at=entry.at,
        running_since=entry.at,
        entries=(entry,),
    )


def _noted(cycle: Cycle, entry: Entry, **changes: Any) -> Cycle:
    entries = (*cycle.entries, entry)
    return cycle._replace(changed_at=entry.at, entries=entries, **changes)


def _with_run_closed(cycle: Cycle, at: datetime) -> Cycle:
    """Count the current run, if there is one, up to `at`; one without length leaves no trace."""
    terms, began_at = cycle.terms, cycle.running_since
    if began_at is None or began_at == at:
        return cycle._replace(running_since=None)
    seconds = terms.hours.open_seconds(began_at, at)
    left = terms.target_seconds - cycle.counted_seconds
    reaches = cycle.reached_at is None and seconds >= left
    return cycle._replace(
        counted_seconds=cycle.counted_seconds + seconds,
        running_since=None,
        ran_until=at,
        reached_at=terms.hours.advance(began_at, left) if reaches else cycle.reached_at,
        runs=(*cycle.runs, Run(terms.hours, began_at, at, seconds)),
    )


def _started(cycle: Cycle, entry: Entry) -> Cycles:
    return cycle, _opened(cycle.number + 1, entry)


def _paused(cycle: Cycle, entry: Entry) -> Cycles:
    return (_noted(_with_run_closed(cycle, entry.at), entry, state=State.PAUSED),)


def _resumed(cycle: Cycle, entry: Entry) -> Cycles:
    return (_noted(cycle, entry, state=State.RUNNING, running_since=entry.at),)


def _stopped(cycle: Cycle, entry: Entry) -> Cycles:
    closed = _with_run_closed(cycle, entry.at)
    return (_noted(closed, entry, state=State.STOPPED, ended_at=entry.at),)


def _cancelled(cycle: Cycle, entry: Entry) -> Cycles:
    closed = _with_run_closed(cycle, entry.at)
    return (_noted(closed, entry, state=State.CANCELLED, ended_at=entry.at),)


def _breached(cycle: Cycle, entry: Entry) -> Cycles:
    noted = cycle.breaches_noted | {entry.at}
    # Written when it is seen but dated when it happened, which may be before the last entry.
    entries = sorted((*cycle.entries, entry), key=lambda entry: entry.at)
    return (cycle._replace(breaches_noted=noted, entries=tuple(entries)),)


def _reopened(cycle: Cycle, entry: Entry) -> Cycles:
    mode = ReopenMode(entry.mode)
    if mode == ReopenMode.NEW_CYCLE:
        return cycle, _opened(cycle.number + 1, entry, cycle.terms)
    since = cycle.ended_at if mode == ReopenMode.AS_IF_NEVER_STOPPED else entry.at
    running = cycle._replace(state=State.RUNNING, running_since=since, ended_at=None)
    return (_noted(_carried_over(running, entry.terms or cycle.terms, entry.at), entry),)


def _switched(cycle: Cycle, entry: Entry) -> Cycles:
    if entry.terms is None:
        raise ValueError(f"The policy switch at {entry.at} brings no terms.")
    if SwitchMode(entry.mode) == SwitchMode.RESTART:
        return _restarted(cycle, entry)
    return (_noted(_carried_over(cycle, entry.terms, entry.at), entry),)


def _carried_over(cycle: Cycle, terms: Terms, at: datetime) -> Cycle:
    """Measure by `terms` from `at` on; what was counted by other hours stays as it was counted."""
    if terms == cycle.terms:
        return cycle
    kept = cycle
    if cycle.running_since and terms.hours != cycle.terms.hours:
        kept = _with_run_closed(cycle, at)._replace(running_since=at)
    return _measured_by(kept, terms)


def _restarted(cycle: Cycle, entry: Entry) -> Cycles:
    """End `cycle` without a verdict and begin the next; one that waits goes on waiting."""
    fresh = _opened(cycle.number + 1, entry)
    if cycle.state == State.PAUSED:
        fresh = fresh._replace(state=State.PAUSED, running_since=None)
    return *_cancelled(cycle, entry), fresh


def _recalculated(cycle: Cycle, entry: Entry) -> Cycles:
    """Recount by corrected terms every run that the present calendar counted.

    To take the last recalculation back, the runs that it found are put back as they were.
    """
    if entry.terms is None:
        raise ValueError(f"The recalculation at {entry.at} brings no terms.")
    require_history(cycle)
    found = cycle.recounted
    kept: tuple[Run, ...] = ()
    if entry.mode == RecalculationMode.UNDONE and found:
        *others, kept = found
        found = tuple(others)
    else:
        found = (*found, cycle.runs)
    since = cycle.runs[len(kept) :]
    runs = (*kept, *_recounted(since, cycle.terms.hours, entry.terms.hours))
    counted = sum(run.seconds for run in runs)
    recounted = cycle._replace(runs=runs, counted_seconds=counted, recounted=found)
    return (_noted(_measured_by(recounted, entry.terms), entry),)


def _recounted(runs: Iterable[Run], before: WorkingHours, after: WorkingHours) -> Iterator[Run]:
    """Count anew by `after` the runs that `before` counted."""
    for run in runs:
        if run.hours == before:
            seconds = after.open_seconds(run.began_at, run.ended_at)
            yield Run(after, run.began_at, run.ended_at, seconds)
        else:
            yield run


def _measured_by(cycle: Cycle, terms: Terms) -> Cycle:
    require_history(cycle)
    reached_at = reached_in_runs(cycle.runs, terms.target_seconds)
    return cycle._replace(terms=terms, reached_at=reached_at)


_CHANGES: dict[Kind, Callable[[Cycle, Entry], Cycles]] = {
    Kind.STARTED: _started,
    Kind.PAUSED: _paused,
    Kind.RESUMED: _resumed,
    Kind.POLICY_SWITCHED: _switched,
    Kind.RECALCULATED: _recalculated,
    Kind.STOPPED: _stopped,
    Kind.CANCELLED: _cancelled,
    Kind.BREACHED: _breached,
    Kind.REOPENED: _reopened,
}
