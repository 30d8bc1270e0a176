"""Look back on what has happened, and start clocks for it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sla.choices import Metric
from sla.history import Stage, entries_of, lived
from sla.ledger import Cycle, Entry, Kind
from sla.models import Clock, LedgerEntry, entry_of
from sla.promises import Promise
from sla.services.rows import ENTRY
from sla.services.writing import Writing, begin
from tickets.models import StageVisit, Ticket


def stages_of(ticket_ids: Sequence[int]) -> dict[int, list[Stage]]:
    """Return by ticket the stages that it entered after its first, oldest first."""
    visits = StageVisit.objects.filter(ticket_id__in=ticket_ids).order_by("entered_at", "pk")
    stages: dict[int, list[Stage]] = {ticket_id: [] for ticket_id in ticket_ids}
    for ticket_id, entered_at, status in visits.values_list("ticket_id", "entered_at", "status"):
        stages[ticket_id].append((entered_at, status))
    return {ticket_id: entered[1:] for ticket_id, entered in stages.items()}


def ledgers_of(ticket_ids: Sequence[int]) -> dict[tuple[int, str], list[Entry]]:
    """Return by ticket and metric what the ledgers hold, as it was written."""
    ledgers: dict[tuple[int, str], list[Entry]] = {
        (ticket_id, metric): [] for ticket_id in ticket_ids for metric in Metric.values
    }
    rows = LedgerEntry.objects.filter(ticket_id__in=ticket_ids).order_by("pk")
    for ticket_id, metric, *entry in rows.values_list(*ENTRY):
        ledgers[ticket_id, metric].append(entry_of(*entry))
    return ledgers


def breaches_of(ticket_ids: Sequence[int]) -> dict[tuple[int, str], list[datetime]]:
    """Return by ticket and metric the breaches that the ledgers hold."""
    breaches: dict[tuple[int, str], list[datetime]] = {
        (ticket_id, metric): [] for ticket_id in ticket_ids for metric in Metric.values
    }
    rows = LedgerEntry.objects.filter(ticket_id__in=ticket_ids, kind=Kind.BREACHED)
    for ticket_id, metric, at in rows.values_list("ticket_id", "metric", "at"):
        breaches[ticket_id, metric].append(at)
    return breaches


def has_no_runs(clock: Clock) -> bool:
    """Say whether a clock is a first cycle without a finished run, also of no open second."""
    return clock.number == 1 and clock.ran_until is None


def with_breaches(clocks: Sequence[Clock]) -> dict[int, Cycle]:
    """Return by clock the cycle of those without a finished run: they need not be folded.

    A clock does not know the breaches that a relief undid; they come from the ledger.
    """
    noted = breaches_of([clock.ticket_id for clock in clocks])
    return {
        clock.pk: clock.cycle()._replace(
            breaches_noted=frozenset(noted[clock.ticket_id, clock.metric])
        )
        for clock in clocks
    }


def relive(
    writing: Writing, ticket: Ticket, promise: Promise, stages: Iterable[Stage], *, reason: str
) -> None:
    """Start a clock at the ticket's opening, and take it through all that happened since."""
    target = promise.target
    past = entries_of(target.metric, target.pause_on, target.reopen, stages, ticket.responded_at)
    for cycle in lived(promise.terms, ticket.opened_at, past, until=writing.now):
        begin(writing, ticket.pk, promise, cycle, reason=reason)
