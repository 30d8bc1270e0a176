"""Holidays from feeds: set the address, fetch it, and make a draft of what it says."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import structlog
from cryptography.fernet import InvalidToken
from django.db import transaction

from nova.accounts.models import User
from nova.accounts.sealing import seal, unseal
from nova.accounts.system import system_of
from nova.events.bus import publish
from nova.events.nudge import wake
from nova.notifications.outbound import NotReached, fetch
from nova.tenancy.fence import inside
from sla.calendars import Malformed, hours_from_json
from sla.events import CalendarDrafted, CalendarFeedSet, CalendarPublished
from sla.ics import MOST_BYTES, days_from_ics
from sla.models import Calendar, CalendarFeed, CalendarVersion
from sla.services.calendars import (
    changes_from,
    draft_of,
    held,
    named,
    next_number,
    put_draft,
    put_in_force,
)
from sla.written import Days, Written, renewed

FETCH = "sla.fetch_feeds"
AGAIN, AFTER_FAILURE = timedelta(days=1), timedelta(hours=1)
YEARS_AHEAD = 3
log = structlog.get_logger(__name__)


@transaction.atomic
def set_feed(
    calendar_id: int, url: str, *, publishes_itself: bool, actor: User, now: datetime
) -> CalendarFeed | None:
    """Let a calendar's holidays come from an address, or from none if it is empty.

    What the feed brought before stays until the next draft is written. An address that is new is
    fetched at once.
    """
    calendar = held(calendar_id)
    former = CalendarFeed.objects.select_for_update(of=("self",)).filter(calendar=calendar).first()
    before = (url_of(former), former.publishes_itself) if former else ("", False)
    if before == (url, publishes_itself and bool(url)):
        return former
    feed = _put_feed(calendar, former, url, publishes_itself, now)
    publish(_set_event(calendar, *before, feed), actor=actor, now=now)
    return feed


@transaction.atomic
def ask_feed(calendar_id: int, *, now: datetime) -> None:
    """Let a calendar's feed be fetched now."""
    feeds = CalendarFeed.objects.filter(calendar_id=calendar_id)
    if feeds.update(next_fetch_at=now):
        tenant_id = feeds.values_list("tenant_id", flat=True)[0]
        transaction.on_commit(partial(wake, FETCH, tenant_id), robust=True)


def fetch_next(tenant_id: int, *, now: datetime) -> bool:
    """Fetch one feed of a tenant that is due; return whether there was one.

    It is claimed in one transaction and settled in another, with the fetching between the two.
    """
    with inside(tenant_id):
        visit = _claim(now)
    if visit is None:
        return False
    days, error = _read(visit)
    with inside(tenant_id):
        _settle(visit, days, error, now)
    return True


def url_of(feed: CalendarFeed) -> str:
    """Return where a feed lies; "" if it was sealed with a key that is lost."""
    try:
        return unseal(feed.sealed_url)
    except InvalidToken:
        return ""


@dataclass(frozen=True)
class _Visit:
    """What a worker needs to know to fetch a feed."""

    feed_id: int
    calendar_id: int
    sealed_url: str
    url: str
    zone: ZoneInfo
    first: date
    last: date


def _set_event(
    calendar: Calendar, url: str, published_itself: bool, feed: CalendarFeed | None
) -> CalendarFeedSet:
    """Return the event of a feed that was at `url` before. Of an address only its host is told."""
    return CalendarFeedSet(
        tenant_id=calendar.tenant_id,
        calendar_id=calendar.pk,
        calendar=calendar.name,
        changes={
            "host": (urlsplit(url).hostname or "", feed.host if feed else ""),
            "publishes_itself": (published_itself, bool(feed and feed.publishes_itself)),
        },
    )


def _put_feed(
    calendar: Calendar,
    feed: CalendarFeed | None,
    url: str,
    publishes_itself: bool,
    now: datetime,
) -> CalendarFeed | None:
    if not url:
        CalendarFeed.objects.filter(calendar=calendar).delete()
        return None
    feed = feed or CalendarFeed(tenant_id=calendar.tenant_id, calendar=calendar)
    if not feed.sealed_url or url_of(feed) != url:
        feed.sealed_url, feed.host = seal(url), urlsplit(url).hostname or ""
        feed.next_fetch_at, feed.last_error = now, ""
        transaction.on_commit(partial(wake, FETCH, calendar.tenant_id), robust=True)
    feed.publishes_itself = publishes_itself
    feed.save()
    return feed


def _claim(now: datetime) -> _Visit | None:
    """Take the feed that has waited longest; if the worker dies, it is tried in an hour."""
    due = CalendarFeed.objects.filter(next_fetch_at__lte=now).order_by("next_fetch_at")
    feed = due.select_for_update(skip_locked=True).first()
    if feed is None:
        return None
    feed.next_fetch_at = now + AFTER_FAILURE
    feed.save(update_fields=["next_fetch_at"])
    calendar = Calendar.objects.select_related("current").get(pk=feed.calendar_id)
    version = draft_of(calendar) or calendar.current
    zone = version.hours.zone if version else ZoneInfo("UTC")
    year = now.astimezone(zone).year
    first, last = date(year, 1, 1), date(year + YEARS_AHEAD, 12, 31)
    return _Visit(feed.pk, calendar.pk, feed.sealed_url, url_of(feed), zone, first, last)


def _read(visit: _Visit) -> tuple[Days, str]:
    """Return the days that a feed says, or what is wrong with it."""
    if not visit.url:
        return [], "The address cannot be read; please enter it again."
    try:
        content = fetch(visit.url, most_bytes=MOST_BYTES)
        return days_from_ics(content, visit.zone, visit.first, visit.last), ""
    except (NotReached, Malformed) as error:
        log.warning("feed_failed", feed=visit.feed_id, error=str(error))
        return [], str(error)


def _settle(visit: _Visit, days: Days, error: str, now: datetime) -> None:
    """Note how a visit ended, unless the feed has been taken away or set anew since."""
    calendar = held(visit.calendar_id)  # before its feed, as whoever sets one holds them
    feeds = CalendarFeed.objects.select_for_update(of=("self",)).filter(pk=visit.feed_id)
    feed = feeds.filter(sealed_url=visit.sealed_url).first()
    if feed is None:
        return
    try:
        if not error:
            _take(calendar, feed, days, now)
    except Malformed as malformed:  # with the days that are there already it is too much
        error = str(malformed)
    feed.last_error = error
    feed.failed_at, feed.fetched_at = (now, feed.fetched_at) if error else (None, now)
    feed.next_fetch_at = now + (AFTER_FAILURE if error else AGAIN)
    feed.save(update_fields=["last_error", "failed_at", "fetched_at", "next_fetch_at"])


def _take(calendar: Calendar, feed: CalendarFeed, days: Days, now: datetime) -> None:
    """Make of what a feed says new hours, if it may, or else a draft. Raises `Malformed`."""
    if feed.publishes_itself and calendar.current:
        _take_at_once(calendar, calendar.current, days, now)
    else:
        _take_as_draft(calendar, days, now)


def _take_at_once(calendar: Calendar, current: CalendarVersion, days: Days, now: datetime) -> None:
    fresh = _fresh(current, days, now)
    if fresh is None:
        return
    actor = system_of(calendar.tenant_id)
    version = _put_past_draft(calendar, fresh, days, actor, now)
    told = {**named(calendar, version), "changes": changes_from(current, fresh)}
    publish(CalendarPublished(**told, is_from_feed=True), actor=actor, now=now)


def _take_as_draft(calendar: Calendar, days: Days, now: datetime) -> None:
    draft = draft_of(calendar)
    base = draft or calendar.current
    fresh = _fresh(base, days, now) if base else None
    if fresh is None:
        return
    actor = system_of(calendar.tenant_id)
    author = draft.author if draft and draft.author else actor
    version = put_draft(calendar, fresh, author, now)
    told = {**named(calendar, version), "changes": changes_from(base, fresh)}
    publish(CalendarDrafted(**told, is_from_feed=True), actor=actor, now=now)


def _fresh(base: CalendarVersion, days: Days, now: datetime) -> Written | None:
    """Return a version with a feed's days anew, or None if they are what it has already."""
    written = base.written
    today = now.astimezone(ZoneInfo(written.zone)).date()
    fresh = replace(written, feed=renewed(written.feed, days, today))
    hours_from_json(fresh.definition)
    return None if fresh == written else fresh


def _put_past_draft(
    calendar: Calendar, written: Written, days: Days, actor: User, now: datetime
) -> CalendarVersion:
    """Put hours in force past a draft that somebody is writing, which now comes after them."""
    number, draft = next_number(calendar), draft_of(calendar)
    if draft:
        number, draft.number = draft.number, number
        fresh = _fresh(draft, days, now) or draft.written
        draft.definition, draft.sources = fresh.definition, fresh.sources
        draft.save()
    version = CalendarVersion(
        tenant_id=calendar.tenant_id,
        calendar=calendar,
        number=number,
        definition=written.definition,
        sources=written.sources,
        author=actor,
        written_at=now,
    )
    put_in_force(calendar, version, now)
    return version
