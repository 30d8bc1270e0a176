"""Reads back the ledger that cycles were made of."""

from sla.ledger import Cycles, Entry, Kind


def ledger_of(cycles: Cycles) -> list[Entry]:
    """Return every entry once: a restart stands in the cycle that it ends and in the next."""
    return [
        entry
        for cycle in cycles
        for number, entry in enumerate(cycle.entries)
        if number > 0 or entry.kind != Kind.POLICY_SWITCHED
    ]
