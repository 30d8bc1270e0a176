"""What was left of the time to resolve tickets, at instants that are past."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sla.choices import Metric
from sla.ledger import Entry, State
from sla.rules import measure
from sla.services.looking_back import ledgers_of

Left = tuple[int, int]  # the target, and the open seconds of it that were left


def time_left(moments: Sequence[tuple[int, datetime]]) -> list[Left | None]:
    """Return for each ticket and instant the target of its resolution, and what was left of it.

    All its cycles count together, so that neither a reopening nor another policy gives time back.
    Below zero is open time overdue. None: no clock measured it, or none comes to a verdict.
    """
    ledgers = ledgers_of(list({ticket_id for ticket_id, _at in moments}))
    return [_left(ledgers[ticket_id, Metric.RESOLUTION], at) for ticket_id, at in moments]


def _left(entries: Iterable[Entry], at: datetime) -> Left | None:
    cycles = measure(entries, at)
    if not cycles or cycles[-1].state == State.CANCELLED:
        return None
    target = cycles[-1].target_seconds
    return target, target - sum(cycle.elapsed_seconds for cycle in cycles)
