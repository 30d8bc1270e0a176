"""Arrange calendars: write a draft, put it in force, throw it away.

Running clocks keep the version that they started with.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from nova.accounts.models import User
from nova.errors import Refused
from nova.events.base import Change
from nova.events.bus import publish
from sla.calendar_changes import differences
from sla.calendars import hours_from_json
from sla.choices import VersionStatus
from sla.events import (
    CalendarDraftDiscarded,
    CalendarDrafted,
    CalendarPublished,
    CalendarRenamed,
)
from sla.models import Calendar, CalendarVersion
from sla.written import Written
from sla.year import never_opens_again


class DraftRefused(Refused):
    """There is no draft that this could be done with, or it may not be published so."""


@transaction.atomic
def create_calendar(name: str, written: Written, *, actor: User, now: datetime) -> Calendar:
    """Create a calendar with a first draft. Raises `Malformed` for what cannot be read."""
    calendar = Calendar.objects.create(tenant_id=actor.tenant_id, name=name)
    draft_calendar(calendar.pk, written, actor=actor, now=now)
    return calendar


@transaction.atomic
def draft_calendar(
    calendar_id: int, written: Written, *, actor: User, now: datetime
) -> CalendarVersion | None:
    """Write a calendar's draft, or write it anew. What says no more than before writes nothing.

    Raises `Malformed` for what cannot be read.
    """
    hours_from_json(written.definition)
    calendar = held(calendar_id)
    former = draft_of(calendar) or calendar.current
    if former and former.written == written:
        return draft_of(calendar)
    draft = put_draft(calendar, written, actor, now)
    changes = changes_from(former, written)
    publish(CalendarDrafted(**named(calendar, draft), changes=changes), actor=actor, now=now)
    return draft


@transaction.atomic
def publish_calendar(
    calendar_id: int, *, actor: User, now: datetime, may_stay_closed: bool = False
) -> Calendar:
    """Put a calendar's draft in force and retire what was; clocks that run keep the latter.

    Raises `DraftRefused` without a draft, and for one that never opens unless that is meant.
    """
    calendar = held(calendar_id)
    draft = needed_draft(calendar)
    hours = draft.hours
    today = now.astimezone(hours.zone).date()
    if never_opens_again(hours, today) and not may_stay_closed:
        raise DraftRefused(_("These hours never open: no clock would ever be due."))
    changes = changes_from(calendar.current, draft.written)
    put_in_force(calendar, draft, now)
    publish(CalendarPublished(**named(calendar, draft), changes=changes), actor=actor, now=now)
    return calendar


@transaction.atomic
def discard_calendar_draft(calendar_id: int, *, actor: User, now: datetime) -> None:
    """Throw a calendar's draft away. Raises `DraftRefused` without one, or if that is all."""
    calendar = held(calendar_id)
    draft = needed_draft(calendar)
    if calendar.current is None:
        raise DraftRefused(_("This calendar has nothing but its draft."))
    publish(CalendarDraftDiscarded(**named(calendar, draft)), actor=actor, now=now)
    draft.delete()


@transaction.atomic
def rename_calendar(calendar_id: int, name: str, *, actor: User, now: datetime) -> Calendar:
    """Call a calendar otherwise. The same name again is no change."""
    calendar = held(calendar_id)
    before, calendar.name = calendar.name, name
    if before != name:
        calendar.save(update_fields=["name"])
        event = CalendarRenamed(
            tenant_id=calendar.tenant_id,
            calendar_id=calendar.pk,
            calendar=name,
            changes={"name": (before, name)},
        )
        publish(event, actor=actor, now=now)
    return calendar


def has_draft(calendar_id: int) -> bool:
    """Say whether a draft of a calendar waits."""
    drafts = CalendarVersion.objects.filter(status=VersionStatus.DRAFT)
    return drafts.filter(calendar=calendar_id).exists()


def held(calendar_id: int) -> Calendar:
    """Return a calendar and hold it: its versions are written by one at a time."""
    calendars = Calendar.objects.select_for_update(of=("self",)).select_related("current")
    return calendars.get(pk=calendar_id)


def draft_of(calendar: Calendar) -> CalendarVersion | None:
    return calendar.versions.filter(status=VersionStatus.DRAFT).first()


def needed_draft(calendar: Calendar) -> CalendarVersion:
    """Return the draft. Raises `DraftRefused` without one."""
    draft = draft_of(calendar)
    if draft is None:
        raise DraftRefused(_("This calendar has no draft."))
    return draft


def put_draft(
    calendar: Calendar, written: Written, author: User, now: datetime
) -> CalendarVersion:
    """Store hours as the draft of a calendar that is held."""
    draft = draft_of(calendar) or CalendarVersion(
        tenant_id=calendar.tenant_id, calendar=calendar, number=next_number(calendar)
    )
    draft.definition, draft.sources = written.definition, written.sources
    draft.author, draft.written_at = author, now
    draft.save()
    return draft


def put_in_force(calendar: Calendar, version: CalendarVersion, now: datetime) -> None:
    """Publish a version of a calendar that is held, and retire the one before it."""
    former = calendar.current
    if former:
        former.status, former.retired_at = VersionStatus.RETIRED, now
        former.save(update_fields=["status", "retired_at"])
    version.status, version.published_at = VersionStatus.PUBLISHED, now
    version.save()
    calendar.current = version
    calendar.save(update_fields=["current"])


def next_number(calendar: Calendar) -> int:
    return (calendar.versions.aggregate(last=Max("number"))["last"] or 0) + 1


def changes_from(former: CalendarVersion | None, written: Written) -> dict[str, Change]:
    """Return what differs from a former version, for the event."""
    found = differences(former.definition if former else {}, written.definition)
    return {difference.what: (difference.before, difference.after) for difference in found}


def named(calendar: Calendar, version: CalendarVersion) -> dict[str, Any]:
    """Return what every event about a version says."""
    return {
        "tenant_id": calendar.tenant_id,
        "calendar_id": calendar.pk,
        "calendar": calendar.name,
        "number": version.number,
    }
