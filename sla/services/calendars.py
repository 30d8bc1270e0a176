"""Arrange calendars. Running clocks keep the version that they started with."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from nova.accounts.models import User
from nova.events.base import Change
from nova.events.bus import publish
from sla.calendars import hours_from_json
from sla.events import CalendarPublished
from sla.models import Calendar, CalendarVersion
from sla.services.changing import set_changed

Stated = Mapping[str, Any]


@transaction.atomic
def create_calendar(name: str, definition: Stated, *, actor: User, now: datetime) -> Calendar:
    """Create a calendar with its first hours. Raises `Malformed` for what cannot be read."""
    calendar = Calendar.objects.create(tenant_id=actor.tenant_id, name=name)
    return publish_calendar(calendar.pk, definition, actor=actor, now=now)


@transaction.atomic
def publish_calendar(
    calendar_id: int,
    definition: Stated,
    *,
    actor: User,
    now: datetime,
    name: str | None = None,
) -> Calendar:
    """Give a calendar new hours, as a version of its own. No change, no version.

    Clocks that run keep the version that they started with. Raises `Malformed` for what cannot
    be read.
    """
    hours_from_json(definition)
    calendar = Calendar.objects.select_for_update().get(pk=calendar_id)
    changes = _publish(calendar, definition, actor, now)
    if name is not None:
        changes |= set_changed(calendar, {"name": name})
    if changes and calendar.current:
        calendar.save(update_fields=["current", "name"])
        event = CalendarPublished(
            tenant_id=calendar.tenant_id,
            calendar_id=calendar.pk,
            calendar=calendar.name,
            number=calendar.current.number,
            changes=changes,
        )
        publish(event, actor=actor, now=now)
    return calendar


def _publish(
    calendar: Calendar, definition: Stated, actor: User, now: datetime
) -> dict[str, Change]:
    """Give a calendar a version with these hours if they differ; return what does."""
    former = calendar.current
    before = former.definition if former else {}
    changes: dict[str, Change] = {
        key: (before.get(key), value)
        for key, value in definition.items()
        if before.get(key) != value
    }
    if changes:
        calendar.current = CalendarVersion.objects.create(
            tenant_id=calendar.tenant_id,
            calendar=calendar,
            number=former.number + 1 if former else 1,
            definition=definition,
            published_at=now,
            author=actor,
        )
    return changes
