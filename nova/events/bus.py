"""Publish events: into the sequence, and to the handlers that settings name."""

from collections.abc import Sequence
from contextvars import ContextVar
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from nova.events.base import Event
from nova.events.models import EventRecord
from nova.events.nudge import nudge
from nova.events.rows import row_of, write_facts
from nova.events.wiring import TAKES_BATCHES, listeners

Written = tuple[Event, int, dict[str, Any]]
REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")


class Actor(Protocol):
    """Whoever acts. People live above the events, which need no more of them than this."""

    @property
    def pk(self) -> Any: ...


def publish(
    event: Event, *, actor: Actor, now: datetime, on_behalf_of: Actor | None = None
) -> None:
    """Record a fact, run its handlers, and wake its consumers after the commit.

    Handlers share the caller's transaction: one that raises undoes the change itself.
    Consumers read the sequence for themselves; a lost nudge only makes them late.

    Raises `TransactionManagementError` outside `transaction.atomic`.
    """
    publish_all([event], actor=actor, now=now, on_behalf_of=on_behalf_of)


def publish_all(
    events: Sequence[Event],
    *,
    actor: Actor,
    now: datetime,
    on_behalf_of: Actor | None = None,
) -> None:
    """Publish facts of one tenant, in order, with one insert for all of them.

    Facts of one name that follow each other go to each of their handlers in turn, and at once to
    one that takes batches. So publish together what happened to different things.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("Publishing needs a transaction")
    shared: dict[str, Any] = {
        "actor_id": actor.pk,
        "on_behalf_of_id": on_behalf_of.pk if on_behalf_of else None,
        "occurred_at": now,
        "request_id": REQUEST_ID.get(),
    }
    rows = [row_of(event, **shared) for event in events]
    ids = write_facts(rows)
    for name, facts in groupby(zip(events, ids, rows, strict=True), lambda fact: fact[0].name):
        _handle(name, list(facts), actor, now)
    for tenant_id in {event.tenant_id for event in events}:
        transaction.on_commit(partial(nudge, tenant_id), robust=True)


def _handle(name: str, facts: Sequence[Written], actor: Actor, now: datetime) -> None:
    who: Any = actor  # the row of AUTH_USER_MODEL, kept for the handlers
    for path in listeners(settings.EVENT_HANDLERS, name):
        handler = import_string(path)
        if hasattr(handler, TAKES_BATCHES):
            handler([event for event, _, _ in facts], actor=actor, now=now)
            continue
        for event, pk, row in facts:
            handler(event, EventRecord(pk=pk, **row, actor=who))
