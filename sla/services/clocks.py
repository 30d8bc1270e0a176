"""Start, pause, resume, stop and reopen the clocks of a ticket."""

from collections.abc import Callable
from datetime import datetime

from nova.accounts.models import User
from sla import rules
from sla.ledger import Cycle, Entry, Kind
from sla.models import Clock
from sla.promises import promises, targets_of
from sla.services.writing import Writing, begin, set_snapshot
from tickets.events import TicketOpened
from tickets.models import Ticket

Decide = Callable[[Clock], Kind | None]


def start_clocks(event: TicketOpened, *, actor: User, now: datetime) -> None:
    """Start a clock for each target that the catalogue promises. The ticket bears its due time.

    Call within the transaction that opens the ticket.
    """
    opened_at = datetime.fromisoformat(event.opened_at)
    found = promises(event, targets_of(event.tenant_id), at=opened_at)
    writing = Writing(actor, now)
    for promise in found.values():
        cycle = rules.start(promise.terms, opened_at).cycle
        begin(writing, event.ticket_id, promise, cycle, reason=promise.target.policy.name)
    writing.write(and_tickets=False)


def set_clocks(
    ticket: Ticket, decide: Decide, *, reason: str, actor: User, now: datetime
) -> list[Clock]:
    """Do to each clock of the latest cycle what `decide` says; None leaves it alone.

    Call within a transaction that holds the ticket. What cannot count changes nothing.
    """
    writing = Writing(actor, now)
    for clock in latest_clocks(ticket):
        kind = decide(clock)
        if kind:
            act(writing, clock, kind, reason=reason)
    writing.write()
    return writing.changed


def act(writing: Writing, clock: Clock, kind: Kind, *, reason: str) -> None:
    """Do one thing to a clock; a reopening goes the way that its target says."""
    mode = clock.reopen if kind == Kind.REOPENED else ""
    change = rules.record(clock.cycle(), Entry(writing.now, kind, mode=mode))
    if not change.entries:
        return
    if change.cycle.number == clock.number:
        writing.put(clock, change, reason=reason)
    else:
        writing.add(next_cycle(clock, change.cycle), change.entries, reason=reason)


def latest_clocks(ticket: Ticket) -> list[Clock]:
    """Return the latest cycle of each metric, locked."""
    clocks = Clock.objects.select_for_update(of=["self"]).filter(ticket=ticket).order_by("number")
    return list({clock.metric: clock for clock in clocks}.values())


def next_cycle(clock: Clock, cycle: Cycle) -> Clock:
    """Return an unsaved clock by the same terms for the cycle that follows `clock`."""
    fresh = Clock(
        tenant_id=clock.tenant_id,
        ticket_id=clock.ticket_id,
        metric=clock.metric,
        number=cycle.number,
        policy_id=clock.policy_id,
        policy_name=clock.policy_name,
        target_seconds=clock.target_seconds,
        calendar_version_id=clock.calendar_version_id,
        pause_on=clock.pause_on,
        reopen=clock.reopen,
        started_at=cycle.started_at,
    )
    set_snapshot(fresh, cycle)
    return fresh
