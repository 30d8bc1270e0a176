"""The one way in which clocks are written: with their ledger, their tickets and their events."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypedDict

from nova.accounts.models import User
from nova.events.base import Event
from nova.events.bus import publish_all
from sla import rules
from sla.choices import ClockState
from sla.events import ClockBreached, ClockWarned
from sla.ledger import Cycle, Entry, Kind
from sla.models import Clock, steps_by
from sla.promises import Promise
from sla.rules import Change, Step
from sla.services.escalating import Crossing, escalations
from sla.services.measuring import measure_then
from sla.services.projecting import project
from sla.services.rows import append_ledger, insert_clocks, update_clocks

Row = dict[str, Any]
MARKS = rules.THRESHOLDS[:3]  # 50, 75 and 90 per cent; the breach itself is no step


@dataclass
class Writing:
    """What one verb or one sweep does to clocks, gathered and then written at once.

    Every breach that enters the ledger through it is announced, exactly once. What a
    recalculation crosses is noted and warns nobody. Call within the transaction that holds the
    tickets.
    """

    actor: User
    now: datetime
    fresh: list[Clock] = field(default_factory=list)
    changed: list[Clock] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    crossings: list[Crossing] = field(default_factory=list)

    def add(self, clock: Clock, entries: Iterable[Entry], *, reason: str = "") -> None:
        """Take up a clock, unsaved so far, with the entries that made it."""
        self.fresh.append(clock)
        self._record(clock, entries, reason)

    def put(self, clock: Clock, change: Change, *, reason: str = "") -> None:
        """Bring a clock in step with what happened to its cycle, and tell of what it crossed."""
        crossed = cross(clock, change.cycle, self.now)
        set_snapshot(clock, change.cycle)
        self.changed.append(clock)
        self._record(clock, change.entries, reason)
        is_quiet = any(entry.kind == Kind.RECALCULATED for entry in change.entries)
        marks = [step for step in crossed if step in MARKS]
        if marks and clock.due_at and not clock.breached_at:
            self._warn(clock, marks[-1], clock.due_at, is_quiet=is_quiet)
        if len(marks) < len(crossed) and not is_quiet:  # a recalculation is told in one summary
            self.crossings.append(Crossing(clock, change.cycle, crossed))

    def write(self, *, and_tickets: bool = True) -> None:
        """Write all of it; tickets follow their clocks, events come last."""
        self.events += escalations(self.crossings, self.now)
        append_ledger(self.rows)
        measure_then([*self.changed, *self.fresh], self.now)
        insert_clocks(self.fresh)
        update_clocks(self.changed)
        if and_tickets:
            project(list({clock.ticket_id: None for clock in (*self.changed, *self.fresh)}))
        if self.events:
            publish_all(self.events, actor=self.actor, now=self.now)

    def _record(self, clock: Clock, entries: Iterable[Entry], reason: str) -> None:
        is_recalculated = False
        for entry in entries:
            self.rows.append(self._row(clock, entry, reason))
            is_recalculated |= entry.kind == Kind.RECALCULATED
            if entry.kind == Kind.BREACHED:
                at = entry.at.isoformat()
                breach = ClockBreached(
                    **named(clock), breached_at=at, is_recalculated=is_recalculated
                )
                self.events.append(breach)

    def _row(self, clock: Clock, entry: Entry, reason: str) -> Row:
        return {
            "tenant_id": clock.tenant_id,
            "ticket_id": clock.ticket_id,
            "metric": clock.metric,
            "at": entry.at,
            "kind": entry.kind,
            "target_seconds": entry.terms.target_seconds if entry.terms else None,
            "calendar_version_id": clock.calendar_version_id if entry.terms else None,
            "policy_version_id": clock.policy_version_id if entry.terms else None,
            "mode": entry.mode,
            "reason": reason[:250],
            "actor_id": self.actor.pk,
            "recorded_at": self.now,
        }

    def _warn(self, clock: Clock, step: Step, due_at: datetime, *, is_quiet: bool) -> None:
        """Tell of a step, or only note it, once for each target that the cycle had."""
        key = f"{step.key}/{clock.target_seconds}/{clock.calendar_version_id}"
        if key in clock.told:
            return
        clock.told = [*clock.told, key]
        if is_quiet:
            return
        at = due_at.isoformat()
        self.events.append(ClockWarned(**named(clock), percent=step.percent, due_at=at))


def cross(clock: Clock, cycle: Cycle, now: datetime) -> tuple[Step, ...]:
    """Note on the clock which steps its cycle has passed; return those that are new.

    A step that a relief of the target moved ahead again is no longer passed. One that a paused
    cycle has passed unnoticed is noted when it runs again: while it waits, nobody is late.
    """
    if cycle.ended_at is not None:
        return ()
    steps = steps_on(clock)
    fired = [step for step in steps if step.key in clock.fired]
    kept = [step.key for step in fired if rules.is_past(cycle, step, now)]
    fresh = rules.crossed(cycle, steps, kept, now) if cycle.running_since else ()
    clock.fired = [*kept, *(step.key for step in fresh)]
    return fresh


def steps_on(clock: Clock) -> tuple[Step, ...]:
    """Return the marks that every clock passes, and the steps of its version."""
    return (*MARKS, *steps_by(clock.policy_version_id).on(clock.metric))


def begin(
    writing: Writing,
    ticket_id: int,
    promise: Promise,
    cycle: Cycle,
    *,
    reason: str,
    team_id: int | None = None,
) -> None:
    """Take up a cycle, with all its entries, of a clock that a policy promises.

    Of an OLA, `team_id` says whose part it is.
    """
    target = promise.target
    clock = Clock(
        tenant_id=target.tenant_id,
        ticket_id=ticket_id,
        metric=target.metric,
        number=cycle.number,
        started_at=cycle.started_at,
        team_id=team_id,
    )
    set_terms(clock, promise)
    cross(clock, cycle, writing.now)
    set_snapshot(clock, cycle)
    writing.add(clock, cycle.entries, reason=reason)


def set_terms(clock: Clock, promise: Promise) -> None:
    """Copy onto the clock what the policy promises now."""
    target = promise.target
    clock.policy_id = target.policy.pk
    clock.policy_version_id = target.policy.version_id
    clock.policy_name = target.policy.name
    clock.target_seconds = target.seconds
    clock.calendar_version_id = target.calendar_version_id
    clock.pause_on = list(target.pause_on)
    clock.reopen = target.reopen


def set_snapshot(clock: Clock, cycle: Cycle) -> None:
    """Copy onto the clock what its cycle says now."""
    clock.state = ClockState(cycle.state)
    clock.changed_at = cycle.changed_at
    clock.counted_seconds = cycle.counted_seconds
    clock.running_since = cycle.running_since
    clock.ran_until = cycle.ran_until
    clock.reached_at = cycle.reached_at
    clock.ended_at = cycle.ended_at
    clock.due_at = rules.due_at(cycle)
    # A breach that a later relief undid stays in the ledger; the clock says what holds now.
    clock.breached_at = clock.due_at if clock.due_at in cycle.breaches_noted else None
    steps = steps_on(clock) if cycle.running_since else ()
    clock.next_action_at = rules.next_action_at(cycle, steps, clock.fired)


class Named(TypedDict):
    """Which clock an event is about."""

    tenant_id: int
    ticket_id: int
    metric: str
    cycle: int


def named(clock: Clock) -> Named:
    """Return which clock an event is about."""
    return {
        "tenant_id": clock.tenant_id,
        "ticket_id": clock.ticket_id,
        "metric": clock.metric,
        "cycle": clock.number,
    }
