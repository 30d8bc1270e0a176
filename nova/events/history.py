"""Record what happened elsewhere, long ago: facts for every reader, on which nothing acts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nova.events.base import Event
from nova.events.rows import row_of, write_facts
from nova.events.sequence import hold


@dataclass(frozen=True, slots=True)
class Past:
    """A fact of the past, and who brought it about."""

    event: Event
    occurred_at: datetime
    actor_id: int
    on_behalf_of_id: int | None = None


def record_history(tenant_id: int, facts: Sequence[Past], *, request_id: str) -> None:
    """Write facts of one tenant into the sequence, in their order, numbered at once.

    No handler is called and no consumer is woken. Call it last in the transaction, because
    nobody else's events are numbered until that ends.
    """
    last = hold(tenant_id)
    rows = [_row(number, fact, request_id) for number, fact in enumerate(facts, start=last + 1)]
    write_facts(rows)


def _row(number: int, fact: Past, request_id: str) -> dict[str, Any]:
    row = row_of(
        fact.event,
        actor_id=fact.actor_id,
        on_behalf_of_id=fact.on_behalf_of_id,
        occurred_at=fact.occurred_at,
        request_id=request_id,
    )
    return {**row, "sequence": number, "is_history": True}
