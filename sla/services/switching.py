"""Measure a ticket by other terms when what it is has changed."""

from collections.abc import Mapping
from datetime import datetime

from nova.accounts.models import User
from sla import rules
from sla.choices import ClockState, Metric
from sla.events import PolicySwitched
from sla.ledger import Cycle, Entry, Kind, State, SwitchMode, fold
from sla.models import Clock, LedgerEntry
from sla.promises import Held, Promise, promises, targets_of
from sla.rules import Change
from sla.services.clocks import latest_clocks
from sla.services.looking_back import relive, stages_of
from sla.services.writing import Writing, named, set_terms
from tickets.models import Ticket

LIVE = (ClockState.RUNNING, ClockState.PAUSED)


def rematch(ticket: Ticket, *, reason: str, actor: User, now: datetime) -> None:
    """Switch live clocks to what the catalogue promises the ticket as it is now.

    Retroactive: the time already counted stays, and so does every pause. Same terms, no switch;
    nor does a policy that was edited since touch the clock that it measures. What is promised
    only now counts from the opening; what was promised stays so, also where no policy matches
    any more. Call within a transaction that holds the ticket.
    """
    clocks = {Metric(clock.metric): clock for clock in latest_clocks(ticket)}
    targets = targets_of(ticket.tenant_id)
    found = promises(ticket, targets, at=ticket.opened_at, held=_held(clocks))
    writing = Writing(actor, now)
    for metric, promise in found.items():
        clock = clocks.get(metric)
        if clock is None:
            stages = stages_of([ticket.pk])[ticket.pk]
            relive(writing, ticket, promise, stages, reason=reason)
        elif clock.state in LIVE and promise.terms != clock.terms:
            _switch(writing, ticket, clock, promise, reason)
    writing.write()


def _held(clocks: Mapping[Metric, Clock]) -> Held:
    return {
        (clock.policy_id, metric): clock.terms
        for metric, clock in clocks.items()
        if clock.policy_id and clock.state in LIVE
    }


def _switch(writing: Writing, ticket: Ticket, clock: Clock, promise: Promise, reason: str) -> None:
    switch = Entry(writing.now, Kind.POLICY_SWITCHED, promise.terms, SwitchMode.RETROACTIVE)
    change = rules.record(_whole(clock), switch)
    before = clock.policy_name
    set_terms(clock, promise)
    event = PolicySwitched(**named(clock), before=before, after=clock.policy_name, reason=reason)
    writing.events.append(event)
    writing.put(clock, _as_stage_says(change, clock, ticket), reason=reason)


def _whole(clock: Clock) -> Cycle:
    """Return the latest cycle with the history behind it."""
    ledger = LedgerEntry.objects.filter(ticket_id=clock.ticket_id, metric=clock.metric)
    return fold(row.entry() for row in ledger.order_by("pk"))[-1]


def _as_stage_says(change: Change, clock: Clock, ticket: Ticket) -> Change:
    """Pause or resume where the new policy sees the present stage otherwise than the old one."""
    is_held = ticket.status in clock.pause_on or ticket.deleted_at is not None
    kind = Kind.PAUSED if is_held else Kind.RESUMED
    if change.cycle.state == (State.PAUSED if is_held else State.RUNNING):
        return change
    then = rules.record(change.cycle, Entry(change.cycle.changed_at, kind))
    return Change((*change.entries, *then.entries), then.cycles)
