"""Keep on recalculated clocks what they would say, had nothing been recalculated."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sla import rules
from sla.ledger import Cycle, Entry
from sla.models import Clock, LedgerEntry, entry_of
from sla.recalculating import BROUGHT, as_measured
from sla.services.rows import ENTRY

Key = tuple[int, str]


def measure_then(clocks: Iterable[Clock], now: datetime) -> None:
    """Set on those that were ever recalculated what their ledger says without it.

    Their ledger is written already. A later breach of a clock that runs on is told from its due
    time (`sla.truths`).
    """
    touched = [clock for clock in clocks if clock.is_recalculated]
    if not touched:
        return
    cycles = _cycles({(clock.ticket_id, clock.metric) for clock in touched})
    for clock in touched:
        cycle = cycles[clock.ticket_id, clock.metric, clock.number]
        clock.measured_due_at = rules.due_at(cycle)
        clock.measured_breached_at = rules.breach_at(cycle, now)


def _cycles(keys: Iterable[Key]) -> dict[tuple[int, str, int], Cycle]:
    return {
        (ticket_id, metric, cycle.number): cycle
        for (ticket_id, metric), entries in _ledgers(list(keys)).items()
        for cycle in as_measured(entries)
    }


def _ledgers(keys: Sequence[Key]) -> dict[Key, list[Entry]]:
    """Return what the ledgers hold, without what recalculations brought."""
    ledgers: dict[Key, list[Entry]] = {key: [] for key in keys}
    rows = LedgerEntry.objects.filter(ticket_id__in={ticket_id for ticket_id, _ in keys})
    for ticket_id, metric, *entry in (
        rows.exclude(kind__in=BROUGHT).order_by("pk").values_list(*ENTRY)
    ):
        if (ticket_id, metric) in ledgers:
            ledgers[ticket_id, metric].append(entry_of(*entry))
    return ledgers
