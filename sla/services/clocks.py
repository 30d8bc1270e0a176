"""Start, pause, resume, stop and reopen the clocks of a ticket."""

from collections.abc import Callable
from datetime import datetime

from nova.accounts.models import User
from sla import rules
from sla.choices import ClockState, Metric
from sla.ledger import Cycle, Entry, Kind, ReopenMode
from sla.models import Clock, LedgerEntry
from sla.promises import Wanted, promises
from sla.services.writing import SNAPSHOT, ledger_rows, new_clock, project, set_snapshot
from tickets.models import Ticket

Decide = Callable[[Clock], Kind | None]


def wanted_by(ticket: Ticket) -> Wanted:
    """Return the properties of a ticket that policies match."""
    return Wanted(
        priority=ticket.priority,
        type=ticket.type,
        kind=ticket.kind,
        module=ticket.module,
        vip_level=ticket.vip_level,
    )


def start_clocks(ticket: Ticket, *, actor: User, now: datetime) -> list[Clock]:
    """Start a clock for each target that the catalogue promises. The ticket bears its due time.

    Call within the transaction that opens the ticket.
    """
    found = promises(wanted_by(ticket), ticket.tenant_id, at=ticket.opened_at)
    clocks, rows = [], []
    for promise in found.values():
        change = rules.start(promise.terms, ticket.opened_at)
        clock = new_clock(ticket.pk, promise, change.cycle)
        reason = promise.target.policy.name
        clocks.append(clock)
        rows += ledger_rows(clock, change.entries, reason=reason, actor=actor, now=now)
    Clock.objects.bulk_create(clocks)
    LedgerEntry.objects.bulk_create(rows)
    return clocks


def set_clocks(
    ticket: Ticket, decide: Decide, *, reason: str, actor: User, now: datetime
) -> list[Clock]:
    """Do to each clock of the latest cycle what `decide` says; None leaves it alone.

    Call within a transaction that holds the ticket. What cannot count changes nothing.
    """
    changed, rows = [], []
    for clock in latest_clocks(ticket):
        kind = decide(clock)
        if kind is None:
            continue
        change = rules.record(clock.cycle(), Entry(now, kind))
        if change.entries:
            set_snapshot(clock, change.cycle)
            changed.append(clock)
            rows += ledger_rows(clock, change.entries, reason=reason, actor=actor, now=now)
    save(changed, rows)
    if changed:
        project([ticket.pk])
    return changed


def reopen_clocks(ticket: Ticket, *, reason: str, actor: User, now: datetime) -> None:
    """Take up again the stopped resolution clock, in the way its target says."""
    for clock in latest_clocks(ticket):
        if clock.metric == Metric.RESOLUTION and clock.state == ClockState.STOPPED:
            _reopen(clock, ticket, reason=reason, actor=actor, now=now)
    project([ticket.pk])


def latest_clocks(ticket: Ticket) -> list[Clock]:
    """Return the latest cycle of each metric, locked."""
    clocks = (
        Clock.objects.select_for_update(of=["self"])
        .filter(ticket=ticket)
        .select_related("calendar_version")
        .order_by("number")
    )
    return list({clock.metric: clock for clock in clocks}.values())


def save(changed: list[Clock], rows: list[LedgerEntry]) -> None:
    """Write clocks and the ledger rows that moved them."""
    for clock in changed:
        clock.save(update_fields=SNAPSHOT)
    LedgerEntry.objects.bulk_create(rows)


def _reopen(clock: Clock, ticket: Ticket, *, reason: str, actor: User, now: datetime) -> None:
    change = rules.record(clock.cycle(), Entry(now, Kind.REOPENED, mode=clock.reopen))
    rows = ledger_rows(clock, change.entries, reason=reason, actor=actor, now=now)
    if clock.reopen == ReopenMode.NEW_CYCLE:
        save([], rows)
        _next_cycle(clock, change.cycle).save()
    else:
        set_snapshot(clock, change.cycle)
        save([clock], rows)


def _next_cycle(clock: Clock, cycle: Cycle) -> Clock:
    """Return an unsaved clock by the same terms for the cycle that follows `clock`."""
    fresh = Clock(
        tenant_id=clock.tenant_id,
        ticket_id=clock.ticket_id,
        metric=clock.metric,
        number=cycle.number,
        policy_id=clock.policy_id,
        policy_name=clock.policy_name,
        target_seconds=clock.target_seconds,
        calendar_version=clock.calendar_version,
        pause_on=clock.pause_on,
        reopen=clock.reopen,
        started_at=cycle.started_at,
    )
    set_snapshot(fresh, cycle)
    return fresh
