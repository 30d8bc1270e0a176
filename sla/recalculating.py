"""What a recalculation does to a clock, and what the clock would say without it. Pure."""

from collections.abc import Iterable

from sla.choices import LineKind
from sla.ledger import Cycles, Entry, Kind, fold
from sla.rules import Standing

# What a recalculation brings into a ledger: itself, and breaches by the terms of that day.
BROUGHT = frozenset({Kind.RECALCULATED, Kind.BREACHED})


def as_measured(entries: Iterable[Entry]) -> Cycles:
    """Return the cycles that a ledger makes as if nothing had ever been recalculated.

    What was noted of breaches is left out with it: `rules.breach_at` tells them from the cycles.
    """
    return fold(entry for entry in entries if entry.kind not in BROUGHT)


def is_by_recalculation(entries: Iterable[Entry]) -> bool:
    """Say whether what a ledger is measured by came from a recalculation, and no switch since."""
    kinds = [entry.kind for entry in entries if entry.terms is not None]
    return bool(kinds) and kinds[-1] == Kind.RECALCULATED


def kind_of(before: Standing, after: Standing) -> LineKind:
    """Say what other terms do to a clock, the weightiest first.

    Where it has no due time, because it waits or its hours never open, what is left decides.
    """
    if before.is_breached != after.is_breached:
        return LineKind.BREACHED if after.is_breached else LineKind.HEALED
    was, now = _measure(before, after)
    if was == now:
        return LineKind.SAME
    return LineKind.LATER if now > was else LineKind.EARLIER


def _measure(before: Standing, after: Standing) -> tuple[float, float]:
    """Return two numbers that compare as the two due times do."""
    if before.due_at and after.due_at:
        return before.due_at.timestamp(), after.due_at.timestamp()
    return before.remaining_seconds, after.remaining_seconds
