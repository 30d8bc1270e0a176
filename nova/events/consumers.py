"""Run consumers: each reads the sequence in order from its own cursor, with its effects."""

from collections.abc import Sequence
from datetime import datetime

import structlog
from django.conf import settings
from django.db import OperationalError, transaction
from django.utils.module_loading import import_string

from nova.events.models import ConsumerCursor, EventRecord, ParkedEvent
from nova.events.sequence import advance
from nova.events.wiring import wants
from nova.tenancy.fence import inside

BATCH = 200
log = structlog.get_logger(__name__)


def consume(tenant_id: int, *, now: datetime) -> int:
    """Let every consumer of a tenant read on to the end; return how many events were read."""
    with inside(tenant_id):
        advance(tenant_id)
    total = 0
    for path, names in settings.EVENT_CONSUMERS.items():
        while read := run_batch(path, names, tenant_id, now=now):
            total += read
    return total


def run_batch(path: str, names: Sequence[str], tenant_id: int, *, now: datetime) -> int:
    """Give one consumer its next events and move its cursor, in one transaction.

    Returns how many events it passed; 0 too when another worker is at it.
    """
    with inside(tenant_id):
        cursor = _claim(path, tenant_id)
        if cursor is None:
            return 0
        batch = list(EventRecord.objects.numbered_after(cursor.sequence)[:BATCH])
        for record in batch:
            if wants(names, record.name):
                _give(record, path, now)
        if batch:
            cursor.sequence, cursor.moved_at = batch[-1].sequence or 0, now
            cursor.save(update_fields=["sequence", "moved_at"])
        return len(batch)


@transaction.atomic
def retry(parked: ParkedEvent, *, now: datetime) -> bool:
    """Give a parked event to its consumer again; return whether it was taken this time."""
    if _took(parked.record, parked.consumer) is None:
        parked.delete()
        return True
    return False


def _claim(path: str, tenant_id: int) -> ConsumerCursor | None:
    # SKIP LOCKED: a second worker has nothing to do here, and must not queue up for it.
    cursors = ConsumerCursor.objects.select_for_update(skip_locked=True)
    mine = cursors.filter(consumer=path, tenant_id=tenant_id).first()
    if mine is None and not ConsumerCursor.objects.filter(consumer=path).exists():
        ConsumerCursor.objects.bulk_create(
            [ConsumerCursor(consumer=path, tenant_id=tenant_id)], ignore_conflicts=True
        )
        mine = cursors.filter(consumer=path, tenant_id=tenant_id).first()
    return mine


def _give(record: EventRecord, path: str, now: datetime) -> None:
    error = _took(record, path)
    if error is not None:
        ParkedEvent.objects.create(
            tenant_id=record.tenant_id, consumer=path, record=record, error=error, parked_at=now
        )


def _took(record: EventRecord, path: str) -> str | None:
    """Return None when the consumer took the event, else what went wrong, undone."""
    try:
        with transaction.atomic():
            import_string(path)(record.event(), record)
    except OperationalError:  # a deadlock or a lost connection is not the event's fault
        raise
    except Exception as error:  # whatever it is, it must not stop the others
        log.exception("event_parked", consumer=path, sequence=record.sequence)
        return f"{type(error).__name__}: {error}"
    return None
