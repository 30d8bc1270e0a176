"""Start, pause, resume, stop and reopen the clocks of a ticket."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from nova.accounts.models import User
from sla import rules
from sla.choices import Metric
from sla.facts import facts_of_opening
from sla.ledger import Cycle, Entry, Kind
from sla.models import Clock
from sla.promises import promises, targets_of
from sla.services.writing import Writing, begin, set_snapshot
from tickets.events import TicketOpened

Decide = Callable[[Clock], Kind | None]


def start_clocks(event: TicketOpened, *, actor: User, now: datetime) -> None:
    """Start a clock for each target that the catalogue promises. The ticket bears its due time.

    Call within the transaction that opens the ticket.
    """
    opened_at = datetime.fromisoformat(event.opened_at)
    found = promises(facts_of_opening(event), targets_of(event.tenant_id), at=opened_at)
    writing = Writing(actor, now)
    for metric, promise in found.items():
        if metric != Metric.NEXT_RESPONSE:  # nothing was said yet
            cycle = rules.start(promise.terms, opened_at).cycle
            reason, team_id = promise.target.policy.name, team_of(metric, event)
            begin(writing, event.ticket_id, promise, cycle, reason=reason, team_id=team_id)
    writing.write(and_tickets=False)


def team_of(metric: Metric, event: TicketOpened) -> int | None:
    """Return whose part a clock is: an OLA is of the team that has the ticket."""
    return event.team_id if metric == Metric.OLA else None


def set_clocks(reasons: Mapping[int, str], decide: Decide, *, actor: User, now: datetime) -> None:
    """Do to the clocks of tickets' latest cycles what `decide` says; None leaves one alone.

    `reasons` are by ticket. Call within a transaction that holds the tickets. What cannot count
    changes nothing.
    """
    writing = Writing(actor, now)
    for ticket_id, clocks in latest_clocks(reasons).items():
        for clock in clocks.values():
            kind = decide(clock)
            if kind:
                act(writing, clock, kind, reason=reasons[ticket_id])
    writing.write()


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


def latest_clocks(ticket_ids: Iterable[int]) -> dict[int, dict[Metric, Clock]]:
    """Return by ticket and metric the latest cycle.

    They need no lock: whoever writes a clock holds its ticket.
    """
    latest: dict[int, dict[Metric, Clock]] = {ticket_id: {} for ticket_id in ticket_ids}
    clocks = Clock.objects.filter(ticket_id__in=latest)
    for clock in clocks.order_by("number", "pk"):
        latest[clock.ticket_id][Metric(clock.metric)] = clock
    return latest


def next_cycle(clock: Clock, cycle: Cycle) -> Clock:
    """Return an unsaved clock by the same terms for the cycle that follows `clock`."""
    fresh = Clock(
        tenant_id=clock.tenant_id,
        ticket_id=clock.ticket_id,
        metric=clock.metric,
        team_id=clock.team_id,
        number=cycle.number,
        policy_id=clock.policy_id,
        policy_version_id=clock.policy_version_id,
        policy_name=clock.policy_name,
        target_seconds=clock.target_seconds,
        calendar_version_id=clock.calendar_version_id,
        pause_on=clock.pause_on,
        reopen=clock.reopen,
        started_at=cycle.started_at,
        is_recalculated=clock.is_recalculated,
    )
    set_snapshot(fresh, cycle)
    return fresh
