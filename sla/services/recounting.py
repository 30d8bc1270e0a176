"""What clocks come to by other terms: for many at once, and written nowhere."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sla import rules
from sla.choices import LineKind
from sla.ledger import Cycle, Entry, Kind, RecalculationMode, fold
from sla.models import Clock
from sla.promises import Promise
from sla.recalculating import is_by_recalculation, kind_of
from sla.rules import Change, Standing
from sla.services.looking_back import has_no_runs, ledgers_of, with_breaches
from sla.services.switching import as_stage_says
from tickets.models import Ticket

COPIED = ("policy_id", "policy_name", "pause_on", "reopen")


class Asked(NamedTuple):
    """A clock, the ticket that it is of, and the promise that is to measure it."""

    clock: Clock
    ticket: Ticket
    promise: Promise


class Recount(NamedTuple):
    """What one clock says before and after, and the change that leads there."""

    clock: Clock
    promise: Promise
    before: Standing
    change: Change
    after: Standing

    @property
    def kind(self) -> LineKind:
        return kind_of(self.before, self.after)


def recounts(
    asked: Sequence[Asked], *, now: datetime, mode: RecalculationMode = RecalculationMode.APPLIED
) -> list[Recount]:
    """Return what each clock comes to at `now`. The statements are two, however many they are.

    Only what still is by a recalculation is undone: a clock that was switched since is left out.
    """
    cycles = _cycles([ask.clock for ask in asked], is_undo=mode == RecalculationMode.UNDONE)
    known = [ask for ask in asked if ask.clock.pk in cycles]
    return [_recount(ask, cycles[ask.clock.pk], now, mode) for ask in known]


def differs(clock: Clock, promise: Promise) -> bool:
    """Say whether a clock has other terms than are promised, or has them by another version."""
    target = promise.target
    mine = (clock.target_seconds, clock.calendar_version_id, clock.policy_version_id)
    return mine != (target.seconds, target.calendar_version_id, target.policy.version_id)


def line_of(recount: Recount) -> dict[str, Any]:
    """Return the columns of the line that says so."""
    clock, target = recount.clock, recount.promise.target
    after = (target.policy.pk, target.policy.name, list(target.pause_on), target.reopen)
    return {
        "clock_id": clock.pk,
        "kind": recount.kind,
        "before_due_at": recount.before.due_at,
        "after_due_at": recount.after.due_at,
        "before_breached_at": recount.before.breach_at,
        "after_breached_at": recount.after.breach_at,
        "before_seconds": clock.target_seconds,
        "after_seconds": target.seconds,
        "before_calendar_version_id": clock.calendar_version_id,
        "after_calendar_version_id": target.calendar_version_id,
        "before_policy_version_id": clock.policy_version_id,
        "after_policy_version_id": target.policy.version_id,
        "before": {name: getattr(clock, name) for name in COPIED},
        "after": dict(zip(COPIED, after, strict=True)),
    }


def _recount(ask: Asked, cycle: Cycle, now: datetime, mode: RecalculationMode) -> Recount:
    clock, ticket, promise = ask
    change = rules.record(cycle, Entry(now, Kind.RECALCULATED, promise.terms, mode))
    if list(promise.target.pause_on) != clock.pause_on:
        change = as_stage_says(change, promise, ticket)
    # Workers differ by a moment: nothing is told as of before what was last written.
    as_of = max(now, cycle.changed_at)
    before, after = (rules.standing(of, as_of) for of in (cycle, change.cycle))
    return Recount(clock, promise, before, change, after)


def _cycles(clocks: Sequence[Clock], *, is_undo: bool) -> Mapping[int, Cycle]:
    """Return by clock its cycle with all that a recalculation needs of its history.

    A first cycle without a finished run needs its breaches alone, unless it is to be undone.
    """
    others = [clock for clock in clocks if is_undo or not has_no_runs(clock)]
    cycles = with_breaches([] if is_undo else [*filter(has_no_runs, clocks)])
    ledgers = ledgers_of([clock.ticket_id for clock in others])
    for clock in others:
        ledger = ledgers[clock.ticket_id, clock.metric]
        if not is_undo or is_by_recalculation(ledger):
            found = fold(ledger)
            cycles[clock.pk] = next(cycle for cycle in found if cycle.number == clock.number)
    return cycles
