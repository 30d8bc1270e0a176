"""Measure a ticket by other terms when what it is has changed."""

from datetime import datetime

from nova.accounts.models import User
from nova.events.bus import publish
from sla import rules
from sla.choices import ClockState, Metric
from sla.events import PolicySwitched
from sla.ledger import Entry, Kind, SwitchMode, fold
from sla.models import Clock, LedgerEntry
from sla.promises import Promise, promises
from sla.services.clocks import latest_clocks, save, wanted_by
from sla.services.writing import ledger_rows, project, set_snapshot, set_terms
from tickets.models import Ticket

LIVE = (ClockState.RUNNING, ClockState.PAUSED)


def rematch(ticket: Ticket, *, reason: str, actor: User, now: datetime) -> None:
    """Switch live clocks to what the catalogue promises the ticket as it is now.

    Retroactive: the time already counted stays, and so does every pause. Same terms, no switch.
    """
    found = promises(wanted_by(ticket), ticket.tenant_id, at=ticket.opened_at)
    for clock in latest_clocks(ticket):
        promise = found.get(Metric(clock.metric))
        if promise and clock.state in LIVE and promise.terms != clock.terms:
            _switch(clock, promise, reason=reason, actor=actor, now=now)
    project([ticket.pk])


def _switch(clock: Clock, promise: Promise, *, reason: str, actor: User, now: datetime) -> None:
    ledger = LedgerEntry.objects.filter(ticket_id=clock.ticket_id, metric=clock.metric)
    entries = [row.entry() for row in ledger.select_related("calendar_version").order_by("pk")]
    present = fold(entries)[-1]
    entry = Entry(now, Kind.POLICY_SWITCHED, promise.terms, SwitchMode.RETROACTIVE)
    change = rules.record(present, entry)
    before = clock.policy_name
    set_terms(clock, promise)
    crossed = rules.crossed(change.cycle, rules.THRESHOLDS[:3], clock.fired, now)
    clock.fired = [*clock.fired, *(step.key for step in crossed)]
    set_snapshot(clock, change.cycle)
    rows = ledger_rows(clock, change.entries, reason=reason, actor=actor, now=now)
    save([clock], rows)
    event = PolicySwitched(
        tenant_id=clock.tenant_id,
        ticket_id=clock.ticket_id,
        metric=clock.metric,
        cycle=clock.number,
        before=before,
        after=clock.policy_name,
        reason=reason,
    )
    publish(event, actor=actor, now=now)
