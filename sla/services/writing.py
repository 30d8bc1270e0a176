"""Append to the ledger, and keep clocks and tickets in step with it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from nova.accounts.models import User
from sla import rules
from sla.choices import ClockState, Metric
from sla.ledger import Cycle, Entry
from sla.models import Clock, LedgerEntry
from sla.promises import Promise
from tickets import services as tickets
from tickets.choices import SlaState
from tickets.services import SlaProjection

STEPS = rules.THRESHOLDS[:3]  # 50, 75 and 90 per cent; the breach itself is no step
AT_RISK = "75"
SNAPSHOT = [
    "policy",
    "policy_name",
    "target_seconds",
    "calendar_version",
    "state",
    "changed_at",
    "counted_seconds",
    "running_since",
    "ran_until",
    "reached_at",
    "ended_at",
    "due_at",
    "breached_at",
    "next_action_at",
    "fired",
]


def new_clock(ticket_id: int, promise: Promise, cycle: Cycle) -> Clock:
    """Return an unsaved clock for a cycle that has just begun."""
    target = promise.target
    clock = Clock(
        tenant_id=target.tenant_id,
        ticket_id=ticket_id,
        metric=target.metric,
        number=cycle.number,
        pause_on=target.pause_on,
        reopen=target.reopen,
        started_at=cycle.started_at,
    )
    set_terms(clock, promise)
    set_snapshot(clock, cycle)
    return clock


def set_terms(clock: Clock, promise: Promise) -> None:
    """Copy onto the clock what the policy promises now."""
    version = promise.target.calendar.current
    assert version is not None  # noqa: S101 - promises() refuses a calendar without version
    clock.policy = promise.target.policy
    clock.policy_name = promise.target.policy.name
    clock.target_seconds = promise.target.seconds
    clock.calendar_version = version


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
    clock.next_action_at = rules.next_action_at(cycle, STEPS, clock.fired)


def ledger_rows(
    clock: Clock, entries: Iterable[Entry], *, reason: str, actor: User, now: datetime
) -> list[LedgerEntry]:
    """Return unsaved rows for what happened to the clock's metric."""
    return [
        LedgerEntry(
            tenant_id=clock.tenant_id,
            ticket_id=clock.ticket_id,
            metric=clock.metric,
            at=entry.at,
            kind=entry.kind,
            target_seconds=entry.terms.target_seconds if entry.terms else None,
            calendar_version=clock.calendar_version if entry.terms else None,
            mode=entry.mode,
            reason=reason,
            actor=actor,
            recorded_at=now,
        )
        for entry in entries
    ]


def project(ticket_ids: Sequence[int]) -> None:
    """Keep on tickets the state and the due time of their most pressing clock."""
    clocks: dict[int, list[Clock]] = {ticket_id: [] for ticket_id in ticket_ids}
    found = Clock.objects.filter(ticket_id__in=ticket_ids).order_by("number")
    for clock in found.only("ticket_id", "metric", "state", "due_at", "breached_at", "fired"):
        clocks[clock.ticket_id].append(clock)
    tickets.project_sla([projection_of(pk, of_ticket) for pk, of_ticket in clocks.items()])


def projection_of(ticket_id: int, clocks: Iterable[Clock]) -> SlaProjection:
    """Return what a ticket's clocks, older cycles first, say of it as a whole."""
    latest = list({Metric(clock.metric): clock for clock in clocks}.values())
    due = [c.due_at for c in latest if c.state == ClockState.RUNNING and c.due_at]
    return SlaProjection(ticket_id, _state(latest), min(due, default=None))


def _state(latest: list[Clock]) -> SlaState:
    live = [clock for clock in latest if clock.state in (ClockState.RUNNING, ClockState.PAUSED)]
    stopped = [clock for clock in latest if clock.state == ClockState.STOPPED]
    checks = (
        (SlaState.BREACHED, any(clock.breached_at for clock in live)),
        (SlaState.AT_RISK, any(AT_RISK in clock.fired for clock in live)),
        (SlaState.RUNNING, any(clock.state == ClockState.RUNNING for clock in live)),
        (SlaState.PAUSED, bool(live)),
        (SlaState.BREACHED, any(clock.breached_at for clock in stopped)),
        (SlaState.MET, bool(stopped)),
    )
    return next((state for state, holds in checks if holds), SlaState.NONE)
