"""Warn and note breaches when they are due. Right when late, twice, or in several workers."""

from datetime import datetime

from django.db import transaction

from nova.accounts.models import User
from nova.events.base import Event
from nova.events.bus import publish_all
from sla import rules
from sla.events import ClockBreached, ClockWarned
from sla.models import Clock, LedgerEntry
from sla.services.writing import STEPS, ledger_rows, project, set_snapshot

WRITTEN = ["breached_at", "next_action_at", "fired"]


@transaction.atomic
def sweep(tenant_id: int, *, actor: User, now: datetime, limit: int = 1000) -> int:
    """Act on the clocks of a tenant whose next action lies before `now`; return how many.

    A breach is dated at the instant that it happened. Both rows are claimed and a locked one is
    skipped: whoever holds the ticket is changing its clocks, and the next sweep comes in seconds.
    """
    clocks = list(
        Clock.objects.filter(tenant_id=tenant_id)
        .due_for_action(now)
        .select_related("ticket", "calendar_version")
        .select_for_update(of=["self", "ticket"], skip_locked=True)[:limit]
    )
    rows: list[LedgerEntry] = []
    events: list[Event] = []
    for clock in clocks:
        _act(clock, rows, events, actor=actor, now=now)
    if clocks:
        Clock.objects.bulk_update(clocks, WRITTEN, batch_size=500)
        LedgerEntry.objects.bulk_create(rows)
        project([clock.ticket_id for clock in clocks])
        publish_all(events, actor=actor, now=now)
    return len(clocks)


def _act(
    clock: Clock, rows: list[LedgerEntry], events: list[Event], *, actor: User, now: datetime
) -> None:
    """Fire what the clock has crossed; of several steps at once only the highest is told."""
    cycle = clock.cycle()
    crossed = rules.crossed(cycle, STEPS, clock.fired, now)
    breach = rules.note_breach(cycle, now)
    clock.fired = [*clock.fired, *(step.key for step in crossed)]
    set_snapshot(clock, breach.cycle)
    if breach.entries:
        rows += ledger_rows(clock, breach.entries, reason="", actor=actor, now=now)
        at = breach.entries[0].at.isoformat()
        events.append(ClockBreached(**_named(clock), breached_at=at))
    elif crossed and clock.due_at:
        percent, due_at = crossed[-1].percent, clock.due_at.isoformat()
        events.append(ClockWarned(**_named(clock), percent=percent, due_at=due_at))


def _named(clock: Clock) -> dict[str, object]:
    return {
        "tenant_id": clock.tenant_id,
        "ticket_id": clock.ticket_id,
        "metric": clock.metric,
        "cycle": clock.number,
    }
