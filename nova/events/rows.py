"""Write facts: the one way into the sequence's table."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from nova.events.base import Event
from nova.events.models import EventRecord
from nova.tenancy.rows import Row, insert_rows

NAMES = (
    "tenant_id",
    "sequence",
    "name",
    "subject",
    "subject_id",
    "actor_id",
    "on_behalf_of_id",
    "payload",
    "occurred_at",
    "request_id",
    "is_history",
    "previous_hash",
    "hash",
)


def write_facts(rows: Sequence[Row]) -> list[int]:
    """Write rows in their order; return their ids, which grow in it."""
    return insert_rows(EventRecord, NAMES, rows)


def row_of(
    event: Event,
    *,
    actor_id: int,
    on_behalf_of_id: int | None,
    occurred_at: datetime,
    request_id: str,
) -> dict[str, Any]:
    """Return a fact as its row, not numbered yet."""
    return {
        "tenant_id": event.tenant_id,
        "sequence": None,
        "name": event.name,
        "subject": event.subject.removesuffix("_id"),
        "subject_id": getattr(event, event.subject) if event.subject else None,
        "actor_id": actor_id,
        "on_behalf_of_id": on_behalf_of_id,
        "payload": event.payload(),
        "occurred_at": occurred_at,
        "request_id": request_id,
        "is_history": False,
        "previous_hash": "",
        "hash": "",
    }
