"""After the commit: tell the browsers that follow what an event changed."""

from collections.abc import Iterable
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from nova.events.base import Event
from nova.events.models import EventRecord
from nova.events.wiring import takes_batches, wants
from nova.live.pings import ping
from nova.live.topics import PUBLIC


@takes_batches
def tell(records: list[EventRecord]) -> None:
    """Ping each group once for the whole batch, with the latest sequence."""
    groups = groups_of(records)
    if groups:
        tell_now = partial(ping, records[0].tenant_id, groups)
        transaction.on_commit(tell_now, robust=True)


def groups_of(records: Iterable[EventRecord]) -> dict[str, int]:
    """Return who hears of these events, each with the last sequence that concerns it."""
    groups: dict[str, int] = {}
    for record in records:
        event = record.event()
        for group in _sources(event, record):
            if event.is_public or not group.endswith(PUBLIC):
                groups[group] = record.sequence or 0
    return groups


def _sources(event: Event, record: EventRecord) -> Iterable[str]:
    for path, names in settings.LIVE_SOURCES.items():
        if wants(names, record.name):
            yield from import_string(path)(event, record)
