"""Run consumers: each reads the sequence in order from its own cursor, with its effects."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.utils.module_loading import import_string

from nova.events.cursors import claim_at, move, positions
from nova.events.models import EventRecord, ParkedEvent
from nova.events.sequence import advance
from nova.events.turns import IsOver, never
from nova.events.wiring import TAKES_BATCHES, TAKES_NOW, wants
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


def consume(tenant_id: int, *, now: datetime, is_over: IsOver = never) -> int:
    """Let every consumer of a tenant read on to the end; return how many events were read.

    A worker that finds a cursor taken leaves its events to the one who has it. So whoever had
    one looks again after letting go: what was left to it may have come after its last look.

    `is_over` is asked after each event that was taken. Once it says so, what is left is for the
    next call, and those come first who had to wait.
    """
    total, mine = 0, list(settings.EVENT_CONSUMERS)
    while read := _round(mine, tenant_id, now, is_over):
        mine = [path for path in mine if read.get(path, 0) is not None]
        total += sum(filter(None, read.values()))
        if is_over():
            break
    return total


def _round(
    paths: Sequence[str], tenant_id: int, now: datetime, is_over: IsOver
) -> dict[str, int | None]:
    """Give each consumer that is behind its next events.

    Returns how many events each of them passed; None where another worker is at it.
    """
    with inside(tenant_id):
        advance(tenant_id)
        steps = list(_behind(paths, tenant_id))
        read = _pass_over([step for step in steps if not step.wanted], tenant_id, now)
    for step in steps:
        if step.wanted:
            read[step.path] = _take(step, tenant_id, now, is_over)
            if is_over():
                break
    return read


def _behind(paths: Sequence[str], tenant_id: int) -> Iterator[Next]:
    """Yield what is next for each consumer that has numbered events before it.

    Mostly all stand at one place, so that one reading serves them all.
    """
    last, places = positions(paths, tenant_id)
    batches: dict[int, list[EventRecord]] = {}
    for path, place in places.items():
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


def _take(step: Next, tenant_id: int, now: datetime, is_over: IsOver) -> int | None:
    """Give a consumer what it wants and move its cursor, in one transaction."""
    with inside(tenant_id):
        if not claim_at(step.path, step.place, tenant_id):
            return None
        given = _give(step.wanted, step.path, now, is_over)
        end = _end(step.batch if given == len(step.wanted) else step.wanted[:given])
        move([step.path], tenant_id, before=step.place, after=end, now=now)
        return sum(_end([record]) <= end for record in step.batch)


def _end(batch: Sequence[EventRecord]) -> int:
    return batch[-1].sequence or 0


@transaction.atomic
def retry(parked: ParkedEvent, *, now: datetime) -> bool:
    """Give a parked event to its consumer again; return whether it was taken this time."""
    parked = ParkedEvent.objects.select_for_update().select_related("record").get(pk=parked.pk)
    error = _attempt([parked.record], parked.consumer, now).error
    if error is None:
        parked.delete()
        return True
    parked.error, parked.attempts, parked.parked_at = error, parked.attempts + 1, now
    parked.save(update_fields=["error", "attempts", "parked_at"])
    return False


def _give(records: Sequence[EventRecord], path: str, now: datetime, is_over: IsOver) -> int:
    """Give records to a consumer together, until the turn is over; return how many it was given.

    When that fails, one by one, and what fails is parked.
    """
    done = _attempt(records, path, now, is_over)
    if done.error is None:
        return done.given
    if len(records) > 1:
        for number, record in enumerate(records, 1):
            _give([record], path, now, never)
            if is_over():
                return number
        return len(records)
    record = records[0]
    log.error("event_parked", consumer=path, sequence=record.sequence, error=done.error)
    ParkedEvent.objects.create(
        tenant_id=record.tenant_id, consumer=path, record=record, error=done.error, parked_at=now
    )
    return 1


class Attempt(NamedTuple):
    """How many records a consumer took; or what went wrong, and was undone."""

    given: int = 0
    error: str | None = None


def _attempt(
    records: Sequence[EventRecord], path: str, now: datetime, is_over: IsOver = never
) -> Attempt:
    try:
        with transaction.atomic():
            return Attempt(_call(import_string(path), records, now, is_over))
    except (OperationalError, InterfaceError):  # a deadlock or a lost connection: try again later
        raise
    except Exception as error:  # whatever it is, it must not stop the others
        log.warning("event_refused", consumer=path, exc_info=True)
        return Attempt(error=f"{type(error).__name__}: {error}")


def _call(consumer: Any, records: Sequence[EventRecord], now: datetime, is_over: IsOver) -> int:
    told = {"now": now} if hasattr(consumer, TAKES_NOW) else {}
    if hasattr(consumer, TAKES_BATCHES):
        consumer(records, **told)
        return len(records)
    for number, record in enumerate(records, 1):
        consumer(record.event(), record, **told)
        if is_over():
            return number
    return len(records)
