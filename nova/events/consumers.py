"""Run consumers: each reads the sequence in order from its own cursor, with its effects."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.utils.module_loading import import_string

from nova.events.cursors import claim
from nova.events.models import ConsumerCursor, EventRecord, ParkedEvent
from nova.events.sequence import advance
from nova.events.wiring import TAKES_BATCHES, wants
from nova.tenancy.fence import inside

BATCH = 200
log = structlog.get_logger(__name__)


def consume(tenant_id: int, *, now: datetime) -> int:
    """Let every consumer of a tenant read on to the end; return how many events were read.

    A worker that finds a cursor taken leaves its events to the one who has it. So whoever had
    one looks again after letting go: what was left to it may have come after its last look.
    """
    total = 0
    mine = list(settings.EVENT_CONSUMERS)
    while mine:
        with inside(tenant_id):
            advance(tenant_id)
        mine = [path for path in mine if is_behind(path, tenant_id)]
        counts = {path: _read_on(path, tenant_id, now) for path in mine}
        mine = [path for path, read in counts.items() if read is not None]
        total += sum(read or 0 for read in counts.values())
    return total


def is_behind(path: str, tenant_id: int) -> bool:
    """Say whether a consumer has numbered events before it."""
    with inside(tenant_id):
        cursor = ConsumerCursor.objects.filter(consumer=path, tenant_id=tenant_id).first()
        return EventRecord.objects.numbered_after(cursor.sequence if cursor else 0).exists()


def run_batch(path: str, names: Sequence[str], tenant_id: int, *, now: datetime) -> int | None:
    """Give one consumer its next events and move its cursor, in one transaction.

    Returns how many events it passed, or None when another worker is at it.
    """
    with inside(tenant_id):
        cursor = claim(path, tenant_id)
        if cursor is None:
            return None
        batch = list(EventRecord.objects.numbered_after(cursor.sequence)[:BATCH])
        wanted = [r for r in batch if wants(names, r.name) and not r.is_history]
        consumer = import_string(path)
        for share in [wanted] if hasattr(consumer, TAKES_BATCHES) else [[r] for r in wanted]:
            _give(share, path, now)
        if batch:
            cursor.sequence, cursor.moved_at = batch[-1].sequence or 0, now
            cursor.save(update_fields=["sequence", "moved_at"])
        return len(batch)


@transaction.atomic
def retry(parked: ParkedEvent, *, now: datetime) -> bool:
    """Give a parked event to its consumer again; return whether it was taken this time."""
    parked = ParkedEvent.objects.select_for_update().select_related("record").get(pk=parked.pk)
    error = _error_of([parked.record], parked.consumer)
    if error is None:
        parked.delete()
        return True
    parked.error, parked.attempts, parked.parked_at = error, parked.attempts + 1, now
    parked.save(update_fields=["error", "attempts", "parked_at"])
    return False


def _read_on(path: str, tenant_id: int, now: datetime) -> int | None:
    total = None
    while read := run_batch(path, settings.EVENT_CONSUMERS[path], tenant_id, now=now):
        total = (total or 0) + read
    return total


def _give(records: list[EventRecord], path: str, now: datetime) -> None:
    """Give records to a consumer together; when that fails, one by one, and park what fails."""
    error = _error_of(records, path) if records else None
    if error is None:
        return
    if len(records) > 1:
        for record in records:
            _give([record], path, now)
        return
    record = records[0]
    log.error("event_parked", consumer=path, sequence=record.sequence, error=error)
    ParkedEvent.objects.create(
        tenant_id=record.tenant_id, consumer=path, record=record, error=error, parked_at=now
    )


def _error_of(records: list[EventRecord], path: str) -> str | None:
    """Return None when the consumer took the records, else what went wrong, undone."""
    try:
        with transaction.atomic():
            consumer: Any = import_string(path)
            if hasattr(consumer, TAKES_BATCHES):
                consumer(records)
            else:
                consumer(records[0].event(), records[0])
    except (OperationalError, InterfaceError):  # a deadlock or a lost connection: try again later
        raise
    except Exception as error:  # whatever it is, it must not stop the others
        log.warning("event_refused", consumer=path, exc_info=True)
        return f"{type(error).__name__}: {error}"
    return None
