"""Publish events: into the sequence, and to the handlers that settings name."""

from contextvars import ContextVar
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from nova.events.base import Event
from nova.events.models import EventRecord
from nova.events.nudge import nudge
from nova.events.wiring import listeners

if TYPE_CHECKING:
    from nova.accounts.models import User

REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")


def publish(
    event: Event, *, actor: "User", now: datetime, on_behalf_of: "User | None" = None
) -> EventRecord:
    """Record a fact, run its handlers, and wake its consumers after the commit.

    Handlers share the caller's transaction: one that raises undoes the change itself.
    Consumers read the sequence for themselves; a lost nudge only makes them late.

    Raises `TransactionManagementError` outside `transaction.atomic`.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(f"{event.name} needs a transaction")
    record = EventRecord.objects.create(
        tenant_id=event.tenant_id,
        name=event.name,
        subject=event.subject.removesuffix("_id"),
        subject_id=getattr(event, event.subject) if event.subject else None,
        actor_id=actor.pk,
        on_behalf_of_id=on_behalf_of.pk if on_behalf_of else None,
        payload=event.payload(),
        occurred_at=now,
        request_id=REQUEST_ID.get(),
    )
    for path in listeners(settings.EVENT_HANDLERS, event.name):
        import_string(path)(event, record)
    transaction.on_commit(partial(nudge, event.tenant_id), robust=True)
    return record
