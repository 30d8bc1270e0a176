"""Publish events: into the sequence, and to the handlers that settings name."""

from collections.abc import Sequence
from contextvars import ContextVar
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from nova.events.base import Event
from nova.events.models import EventRecord
from nova.events.nudge import nudge
from nova.events.wiring import listeners

REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")


class Actor(Protocol):
    """Whoever acts. People live above the events, which need no more of them than this."""

    @property
    def pk(self) -> Any: ...


def publish(
    event: Event, *, actor: Actor, now: datetime, on_behalf_of: Actor | None = None
) -> EventRecord:
    """Record a fact, run its handlers, and wake its consumers after the commit.

    Handlers share the caller's transaction: one that raises undoes the change itself.
    Consumers read the sequence for themselves; a lost nudge only makes them late.

    Raises `TransactionManagementError` outside `transaction.atomic`.
    """
    [record] = publish_all([event], actor=actor, now=now, on_behalf_of=on_behalf_of)
    return record


def publish_all(
    events: Sequence[Event],
    *,
    actor: Actor,
    now: datetime,
    on_behalf_of: Actor | None = None,
) -> list[EventRecord]:
    """Publish facts of one tenant, in order, with one insert for all of them."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("Publishing needs a transaction")
    records = EventRecord.objects.bulk_create(
        _record(event, actor, now, on_behalf_of) for event in events
    )
    for event, record in zip(events, records, strict=True):
        for path in listeners(settings.EVENT_HANDLERS, event.name):
            import_string(path)(event, record)
    for tenant_id in {event.tenant_id for event in events}:
        transaction.on_commit(partial(nudge, tenant_id), robust=True)
    return records


def _record(event: Event, actor: Actor, now: datetime, on_behalf_of: Actor | None) -> EventRecord:
    who: Any = actor  # the row of AUTH_USER_MODEL, kept for the handlers
    return EventRecord(
        tenant_id=event.tenant_id,
        name=event.name,
        subject=event.subject.removesuffix("_id"),
        subject_id=getattr(event, event.subject) if event.subject else None,
        actor=who,
        on_behalf_of_id=on_behalf_of.pk if on_behalf_of else None,
        payload=event.payload(),
        occurred_at=now,
        request_id=REQUEST_ID.get(),
    )
