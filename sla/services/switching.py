"""Measure tickets by other terms when what they are has changed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from nova.accounts.models import User
from sla import rules
from sla.choices import ClockState, Metric
from sla.events import PolicySwitched
from sla.facts import facts_of_tickets
from sla.gathering import overriding_of
from sla.ledger import Cycle, Entry, Kind, State, SwitchMode, fold
from sla.models import Clock
from sla.promises import Held, Promise, promises, targets_of
from sla.rules import Change
from sla.services.clocks import latest_clocks
from sla.services.cycles import start_cycle
from sla.services.looking_back import has_no_runs, ledgers_of, relive, stages_of, with_breaches
from sla.services.writing import Writing, begin, named, set_terms
from tickets.models import Ticket, TicketQuerySet

LIVE = (ClockState.RUNNING, ClockState.PAUSED)
READ = ("tenant_id", "status", "team_id", "opened_at", "responded_at", "deleted_at")


class Due(NamedTuple):
    """What a ticket is to be measured by from now on; without a clock, since its opening.

    A team's part is measured only from now on.
    """

    ticket: Ticket
    clock: Clock | None
    promise: Promise


def rematch(reasons: Mapping[int, str], *, actor: User, now: datetime) -> None:
    """Switch live clocks to what the catalogue promises tickets as they are now.

    The target says whether the time already counted stays, and with it every pause, or whether
    the count begins anew. Same terms, no switch;
    nor does a policy that was edited since touch the clock that it measures. What is promised
    only now counts from the opening; what was promised stays so, also where no policy matches
    any more. `reasons` are by ticket. Call within a transaction that holds the tickets.
    """
    tickets = Ticket.objects.filter(pk__in=reasons).only(*READ).order_by("pk")
    due = list(_due(tickets)) if reasons else []  # most moves and edits ask for none
    if not due:
        return
    stages = stages_of([ticket.pk for ticket, clock, _ in due if clock is None])
    cycles = _cycles([clock for _, clock, _ in due if clock])
    writing = Writing(actor, now)
    for ticket, clock, promise in due:
        reason = reasons[ticket.pk]
        if clock is None and promise.target.metric == Metric.OLA:
            start_cycle(writing, ticket, None, promise, reason=reason)
        elif clock is None:
            relive(writing, ticket, promise, stages[ticket.pk], reason=reason)
        else:
            _switch(writing, ticket, clock, cycles[clock.pk], promise, reason)
    writing.write()


def _due(tickets: TicketQuerySet) -> Iterator[Due]:
    """Yield what is promised to tickets that they are not measured by."""
    targets = targets_of(tickets[0].tenant_id) if tickets else []
    latest = latest_clocks(ticket.pk for ticket in tickets)
    facts = facts_of_tickets(latest)
    people = {of.requester for of in facts.values() if of.vip_level and of.requester}
    overriding = overriding_of(people)
    for ticket in tickets:
        clocks = latest[ticket.pk]
        found = promises(
            facts[ticket.pk],
            targets,
            at=ticket.opened_at,
            held=_held(clocks),
            overriding=overriding,
        )
        for metric, promise in found.items():
            clock = clocks.get(metric)
            if _is_due(clock, promise):
                yield Due(ticket, clock, promise)


def _is_due(clock: Clock | None, promise: Promise) -> bool:
    if clock is None:
        return promise.target.metric != Metric.NEXT_RESPONSE  # that one waits for a question
    return clock.state in LIVE and promise.terms != clock.terms


def _cycles(clocks: Sequence[Clock]) -> dict[int, Cycle]:
    """Return by clock its cycle, the latest, with all of its history that a switch needs."""
    others = [clock for clock in clocks if not has_no_runs(clock)]
    ledgers = ledgers_of([clock.ticket_id for clock in others])
    return with_breaches([*filter(has_no_runs, clocks)]) | {
        clock.pk: fold(ledgers[clock.ticket_id, clock.metric])[-1] for clock in others
    }


def _held(clocks: Mapping[Metric, Clock]) -> Held:
    return {
        (clock.policy_id, metric): clock.terms
        for metric, clock in clocks.items()
        if clock.state in LIVE
    }


def _switch(
    writing: Writing, ticket: Ticket, clock: Clock, whole: Cycle, promise: Promise, reason: str
) -> None:
    """Switch a clock, whose cycle with the history behind it is `whole`."""
    mode = SwitchMode(promise.target.on_change)
    change = rules.record(whole, Entry(writing.now, Kind.POLICY_SWITCHED, promise.terms, mode))
    before, after = clock.policy_name, promise.target.policy.name
    event = PolicySwitched(**named(clock), before=before, after=after, reason=reason)
    writing.events.append(event)
    if change.cycle.number == clock.number:
        set_terms(clock, promise)
        writing.put(clock, as_stage_says(change, promise, ticket), reason=reason)
    else:
        _restart(writing, ticket, clock, change, promise, reason)


def _restart(
    writing: Writing, ticket: Ticket, clock: Clock, change: Change, promise: Promise, reason: str
) -> None:
    """End the clock without a verdict, and begin its next cycle. What it missed before stays."""
    *_before, ended, fresh = change.cycles
    missed = tuple(entry for entry in change.entries if entry not in fresh.entries)
    writing.put(clock, Change(missed, (ended,)), reason=reason)
    present = as_stage_says(Change((), (fresh,)), promise, ticket).cycle
    begin(writing, ticket.pk, promise, present, reason=reason, team_id=clock.team_id)


def as_stage_says(change: Change, promise: Promise, ticket: Ticket) -> Change:
    """Pause or resume where the new policy sees the present stage otherwise than the old one."""
    is_held = ticket.status in promise.target.pause_on or ticket.deleted_at is not None
    kind = Kind.PAUSED if is_held else Kind.RESUMED
    if change.cycle.state == (State.PAUSED if is_held else State.RUNNING):
        return change
    then = rules.record(change.cycle, Entry(change.cycle.changed_at, kind))
    return Change((*change.entries, *then.entries), then.cycles)
