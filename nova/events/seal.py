"""The hash chain over a tenant's events: whoever alters, removes or inserts one breaks it.

Each seal is SHA-256 over the seal before it and the event as canonical JSON, in the order of the
sequence. It is put on after the commit: the write path does not wait for it.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection

from nova.events.cursors import claim
from nova.events.models import EventRecord
from nova.events.turns import IsOver, never
from nova.tenancy.fence import inside

SEALER = "nova.events.seal"
GENESIS = "0" * 64
BATCH = 1000
WRITE = """
    UPDATE events_eventrecord AS record SET previous_hash = seal.previous, hash = seal.hash
    FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS seal(id, previous, hash)
    WHERE record.id = seal.id
"""


@dataclass(frozen=True)
class Fault:
    """Where a chain does not hold."""

    sequence: int
    reason: str


def seal(tenant_id: int, *, now: datetime, is_over: IsOver = never) -> int:
    """Seal what is numbered and not sealed yet; return how many events that were.

    Once `is_over` says so, what is left is for the next call.
    """
    total = 0
    while sealed := _seal_batch(tenant_id, now):
        total += sealed
        if is_over():
            break
    return total


def verify(tenant_id: int) -> Iterator[Fault | int]:
    """Walk the present tenant's sealed events: yield each fault, and at last the count.

    The sealer's cursor says how far they reach, so that one cut off at the end is missed too.
    """
    previous, count = GENESIS, 0
    cursor = claim(SEALER, tenant_id)
    last = cursor.sequence if cursor else 0
    records = EventRecord.objects.numbered_after(0).filter(sequence__lte=last)
    for record in records.iterator(BATCH):
        count += 1
        if record.sequence != count:
            yield Fault(count, f"missing; the next one is {record.sequence}")
            count = record.sequence or 0
        if record.previous_hash != previous:
            yield Fault(count, "does not follow the event before it")
        if record.hash != hash_of(record, record.previous_hash):
            yield Fault(count, "was altered after it was sealed")
        previous = record.hash
    if count < last:
        yield Fault(last, "missing; there is none after it")
    yield count


def hash_of(record: EventRecord, previous: str) -> str:
    """Return the seal of an event that follows `previous`."""
    fact = {
        "tenant": record.tenant_id,
        "sequence": record.sequence,
        "name": record.name,
        "subject": record.subject,
        "subject_id": record.subject_id,
        "actor": record.actor_id,
        "on_behalf_of": record.on_behalf_of_id,
        "occurred_at": record.occurred_at.astimezone(UTC).isoformat(),
        "request_id": record.request_id,
        "is_history": record.is_history,
        "payload": record.payload,
    }
    canonical = json.dumps(fact, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{previous}\n{canonical}".encode()).hexdigest()


def _seal_batch(tenant_id: int, now: datetime) -> int:
    with inside(tenant_id):
        cursor = claim(SEALER, tenant_id)
        if cursor is None:
            return 0
        batch = list(EventRecord.objects.numbered_after(cursor.sequence)[:BATCH])
        if batch:
            _chain(batch, _last_hash(cursor.sequence))
            _write(batch)
            cursor.sequence, cursor.moved_at = batch[-1].sequence or 0, now
            cursor.save(update_fields=["sequence", "moved_at"])
        return len(batch)


def _chain(batch: list[EventRecord], previous: str) -> None:
    for record in batch:
        record.previous_hash = previous
        record.hash = previous = hash_of(record, previous)


def _write(batch: list[EventRecord]) -> None:
    rows = [(record.pk, record.previous_hash, record.hash) for record in batch]
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [list(column) for column in zip(*rows, strict=True)])


def _last_hash(sequence: int) -> str:
    before = EventRecord.objects.filter(sequence=sequence).values_list("hash", flat=True)
    return before.first() or GENESIS
