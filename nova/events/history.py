"""Record what happened elsewhere, long ago: facts for every reader, on which nothing acts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from nova.events.base import Event
from nova.events.models import EventRecord
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
    EventRecord.objects.bulk_create(
        EventRecord(
            tenant_id=tenant_id,
            sequence=number,
            name=fact.event.name,
            subject=fact.event.subject.removesuffix("_id"),
            subject_id=getattr(fact.event, fact.event.subject) if fact.event.subject else None,
            actor_id=fact.actor_id,
            on_behalf_of_id=fact.on_behalf_of_id,
            payload=fact.event.payload(),
            occurred_at=fact.occurred_at,
            request_id=request_id,
            is_history=True,
        )
        for number, fact in enumerate(facts, start=last + 1)
    )
