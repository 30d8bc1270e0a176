"""Run consumers: each reads the sequence in order from its own cursor, with its effects."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.utils.module_loading import import_string

from nova.events.cursors import claim_at, move, positions
from nova.events.models import EventRecord, ParkedEvent
from nova.events.sequence import advance
from nova.events.wiring import TAKES_BATCHES, wants
from nova.tenancy.fence import inside

BATCH = 200
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Next:
    """The next events of a consumer, of which it wants some, and where its cursor stands."""

    path: str
    place: int
    batch: Sequence[EventRecord]
    wanted: Sequence[EventRecord]


def consume(tenant_id: int, *, now: datetime) -> int:
    """Let every consumer of a tenant read on to the end; return how many events were read.

    A worker that finds a cursor taken leaves its events to the one who has it. So whoever had
    one looks again after letting go: what was left to it may have come after its last look.
    """
    total, mine = 0, list(settings.EVENT_CONSUMERS)
    while read := _round(mine, tenant_id, now):
        mine = [path for path in mine if read.get(path, 0) is not None]
        total += sum(filter(None, read.values()))
    return total


def _round(paths: Sequence[str], tenant_id: int, now: datetime) -> dict[str, int | None]:
    """Give each consumer that is behind its next events.

    Returns how many events each of them passed; None where another worker is at it.
    """
    with inside(tenant_id):
        advance(tenant_id)
        steps = list(_behind(paths, tenant_id))
        read = _pass_over([step for step in steps if not step.wanted], tenant_id, now)
    for step in steps:
        if step.wanted:
            read[step.path] = _take(step, tenant_id, now)
    return read


def _behind(paths: Sequence[str], tenant_id: int) -> Iterator[Next]:
    """Yield what is next for each consumer that has numbered events before it.

    Mostly all stand at one place, so that one reading serves them all.
    """
    last, places = positions(paths, tenant_id)
    batches: dict[int, list[EventRecord]] = {}
    for path in paths:
        place = places[path]
        if place < last:
            if place not in batches:
                batches[place] = list(EventRecord.objects.numbered_after(place)[:BATCH])
            batch, names = batches[place], settings.EVENT_CONSUMERS[path]
            wanted = [r for r in batch if wants(names, r.name) and not r.is_history]
            yield Next(path, place, batch, wanted)


def _pass_over(steps: Sequence[Next], tenant_id: int, now: datetime) -> dict[str, int | None]:
    """Move on whoever wants nothing of what is next."""
    read: dict[str, int | None] = {step.path: None for step in steps}
    for place, batch in {step.place: step.batch for step in steps}.items():
        here = [step.path for step in steps if step.place == place]
        moved = move(here, tenant_id, before=place, after=_end(batch), now=now)
        read |= dict.fromkeys(moved, len(batch))
    return read


def _take(step: Next, tenant_id: int, now: datetime) -> int | None:
    """Give a consumer what it wants and move its cursor, in one transaction."""
    with inside(tenant_id):
        if not claim_at(step.path, step.place, tenant_id):
            return None
        _give(step.wanted, step.path, now)
        move([step.path], tenant_id, before=step.place, after=_end(step.batch), now=now)
        return len(step.batch)


def _end(batch: Sequence[EventRecord]) -> int:
    return batch[-1].sequence or 0


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


def _give(records: Sequence[EventRecord], path: str, now: datetime) -> None:
    """Give records to a consumer together; when that fails, one by one, and park what fails."""
    error = _error_of(records, path)
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


def _error_of(records: Sequence[EventRecord], path: str) -> str | None:
    """Return None when the consumer took the records, else what went wrong, undone."""
    try:
        with transaction.atomic():
            consumer: Any = import_string(path)
            if hasattr(consumer, TAKES_BATCHES):
                consumer(records)
            else:
                for record in records:
                    consumer(record.event(), record)
    except (OperationalError, InterfaceError):  # a deadlock or a lost connection: try again later
        raise
    except Exception as error:  # whatever it is, it must not stop the others
        log.warning("event_refused", consumer=path, exc_info=True)
        return f"{type(error).__name__}: {error}"
    return None
