"""What a clock says: elapsed time, due time, breach, steps, and the entries to append. Pure.

The services fold a ledger (`ledger.fold`) or restore a snapshot (`ledger.Cycle`), call `record`
for each verb, append the entries that it returns and store `standing` and `next_action_at`.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sla.ledger import (
    Cycle,
    Cycles,
    Entry,
    Kind,
    State,
    Terms,
    apply,
    counts,
    fold,
    reached_in_runs,
    whole_second,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What one cycle says at one instant. Remaining seconds below zero are open time overdue."""

    number: int
    state: State
    start_at: datetime
    stop_at: datetime | None
    target_seconds: int
    elapsed_seconds: int
    remaining_seconds: int
    due_at: datetime | None
    breach_at: datetime | None

    @property
    def is_breached(self) -> bool:
        return self.breach_at is not None


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do at a share of the target, or a while before (negative) or after it.

    The offset is working time of the cycle's calendar unless `is_working_time` is off.
    """

    key: str
    percent: int = 100
    offset_seconds: int = 0
    is_working_time: bool = True


THRESHOLDS = tuple(Step(str(percent), percent) for percent in (50, 75, 90, 100))


@dataclass(frozen=True, slots=True)
class Change:
    """What a verb did: the entries to append, in order, and the cycles that it touched.

    The last cycle is the present one. Without entries nothing happened: the verb came twice, or
    too late to count.
    """

    entries: tuple[Entry, ...]
    cycles: Cycles

    @property
    def cycle(self) -> Cycle:
        return self.cycles[-1]


def measure(entries: Iterable[Entry], as_of: datetime) -> tuple[Standing, ...]:
    """Return what each cycle of a ledger says at `as_of`; later entries are not yet known then."""
    until = whole_second(as_of)
    known = [entry for entry in entries if whole_second(entry.at) <= until]
    return tuple(standing(cycle, as_of) for cycle in fold(known))


def standing(cycle: Cycle, as_of: datetime) -> Standing:
    """Return what `cycle` says at `as_of`, which is not before its last entry."""
    elapsed = elapsed_seconds(cycle, as_of)
    return Standing(
        number=cycle.number,
        state=cycle.state,
        start_at=cycle.started_at,
        stop_at=cycle.ended_at,
        target_seconds=cycle.terms.target_seconds,
        elapsed_seconds=elapsed,
        remaining_seconds=cycle.terms.target_seconds - elapsed,
        due_at=due_at(cycle),
        breach_at=breach_at(cycle, as_of),
    )


def elapsed_seconds(cycle: Cycle, as_of: datetime) -> int:
    """Count the open seconds in which `cycle` has run."""
    if cycle.running_since is None:
        return cycle.counted_seconds
    return cycle.counted_seconds + cycle.terms.hours.open_seconds(cycle.running_since, as_of)


def due_at(cycle: Cycle) -> datetime | None:
    """Return when the counted time reaches the target.

    None while paused within the target, once cancelled, and for hours that never open. On a
    stopped cycle it tells what would have been, had it run on from there.
    """
    if cycle.state == State.CANCELLED:
        return None
    if cycle.state == State.PAUSED:
        return cycle.reached_at if _ran_over(cycle) else None
    since = cycle.running_since or cycle.ended_at
    if cycle.reached_at or since is None:
        return cycle.reached_at
    return cycle.terms.hours.advance(since, cycle.terms.target_seconds - cycle.counted_seconds)


def breach_at(cycle: Cycle, as_of: datetime) -> datetime | None:
    """Return when `cycle` ran past its due time, or None; ending in the due second is in time."""
    if cycle.state == State.CANCELLED:
        return None
    if cycle.running_since is None:
        return cycle.reached_at if _ran_over(cycle) else None
    due = due_at(cycle)
    return due if due and whole_second(as_of) > due else None


def step_at(cycle: Cycle, step: Step) -> datetime | None:
    """Return when `step` falls: in the past as counted, ahead if the cycle runs on, else None."""
    if not step.is_working_time:
        reached = counted_at(cycle, _share(cycle.terms, step))
        if reached is None:
            return None
        return max(reached + timedelta(seconds=step.offset_seconds), cycle.started_at)
    return counted_at(cycle, _share(cycle.terms, step) + step.offset_seconds)


def share_of(terms: Terms, step: Step) -> int:
    """Return the counted seconds at which a step in working time is."""
    return _share(terms, step) + (step.offset_seconds if step.is_working_time else 0)


def counted_at(cycle: Cycle, seconds: int) -> datetime | None:
    """Return when `cycle` has counted `seconds`: None if it never did and does not run.

    A snapshot does not know when past runs counted it and answers with the end of the last one.
    """
    if seconds <= 0:
        return cycle.started_at
    if seconds <= cycle.counted_seconds:
        return reached_in_runs(cycle.runs, seconds) or cycle.ran_until
    if cycle.running_since is None:
        return None
    return cycle.terms.hours.advance(cycle.running_since, seconds - cycle.counted_seconds)


def is_past(cycle: Cycle, step: Step, as_of: datetime) -> bool:
    """Say whether `cycle` has come as far as `step`, paused or not."""
    if not step.is_working_time:
        at = step_at(cycle, step)
        return at is not None and at <= whole_second(as_of)
    used, target = elapsed_seconds(cycle, as_of) - step.offset_seconds, cycle.terms.target_seconds
    return step.percent * target <= 100 * used


def crossed(
    cycle: Cycle, steps: Iterable[Step], fired: Collection[str], as_of: datetime
) -> tuple[Step, ...]:
    """Return the steps that `as_of` has passed and that are not in `fired`, earliest first.

    Where a late sweep or a retroactive switch crosses several at once, send only the last and
    mark all of them as fired. Nothing is crossed once the cycle is stopped or cancelled.
    """
    if cycle.state in {State.STOPPED, State.CANCELLED}:
        return ()
    until = whole_second(as_of)
    dated = [(step_at(cycle, step), step) for step in steps if step.key not in fired]
    passed = [(at, step) for at, step in dated if at is not None and at < until]
    return tuple(step for _, step in sorted(passed, key=lambda pair: pair[0]))


def next_action_at(
    cycle: Cycle, steps: Iterable[Step] = THRESHOLDS, fired: Collection[str] = ()
) -> datetime | None:
    """Return the earliest instant after which there is a step to fire or a breach to note.

    The sweep acts on what lies before its now: a cycle that stops in its due second is in time.
    """
    if cycle.state in {State.STOPPED, State.CANCELLED}:
        return None
    instants = [step_at(cycle, step) for step in steps if step.key not in fired]
    due = due_at(cycle)
    if due not in cycle.breaches_noted:
        instants.append(due)
    return min((at for at in instants if at is not None), default=None)


def start(terms: Terms, at: datetime) -> Change:
    """Begin the first cycle of a clock."""
    return record(None, Entry(at, Kind.STARTED, terms))


def record(cycle: Cycle | None, entry: Entry) -> Change:
    """Apply `entry` to the latest cycle of a clock, which may be a snapshot.

    A breach that it ends or causes is noted with it, dated when it happened. An entry dated
    before the last one (workers differ by a moment) counts from the last one, so that the ledger
    never runs backwards and folding it gives this same result. Raises `HistoryMissing` when a
    retroactive switch or a recalculation meets a snapshot.
    """
    if not counts(entry, cycle):
        return Change((), (cycle,) if cycle else ())
    if cycle is None:
        cycles = apply((), entry)
        return Change(cycles[-1].entries, cycles)
    at = max(whole_second(entry.at), cycle.changed_at)
    ended = note_breach(cycle, at)
    dated = entry._replace(at=at)
    *before, present = apply(ended.cycles, dated)
    caused = note_breach(present, at)
    return Change((*ended.entries, dated, *caused.entries), (*before, *caused.cycles))


def note_breach(cycle: Cycle, as_of: datetime) -> Change:
    """Record the breach that `as_of` shows, dated when it happened, unless the ledger has it."""
    breached_at = breach_at(cycle, as_of)
    if breached_at is None or breached_at in cycle.breaches_noted:
        return Change((), (cycle,))
    entry = Entry(breached_at, Kind.BREACHED)
    return Change((entry,), apply((cycle,), entry))


def _ran_over(cycle: Cycle) -> bool:
    reached_at, ran_until = cycle.reached_at, cycle.ran_until
    return reached_at is not None and ran_until is not None and ran_until > reached_at


def _share(terms: Terms, step: Step) -> int:
    """Return the counted seconds of the step's share, up to the end of the grain it falls in."""
    grain = terms.grain_seconds
    return -(-terms.target_seconds * step.percent // (100 * grain)) * grain
