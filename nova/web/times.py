"""How Nova says instants and spans to people. Pure: the present and the zone are arguments."""

from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache

from django.utils.dateformat import format as date_format
from django.utils.translation import get_language

from nova.web.words import gettext as _

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK_DAYS = 7


def duration_words(seconds: float) -> str:
    """Return a span in its two largest useful units: "42 s", "12 min", "2 h 10", "3 d 4 h"."""
    whole = max(0, int(seconds))
    if whole < MINUTE:
        return _("{seconds} s").format(seconds=whole)
    if whole < HOUR:
        return _("{minutes} min").format(minutes=whole // MINUTE)
    if whole < DAY:
        return _two_units(_("{hours} h"), _("{hours} h {minutes:02}"), whole)
    days, hours = whole // DAY, whole % DAY // HOUR
    if hours and days < WEEK_DAYS:
        return _("{days} d {hours} h").format(days=days, hours=hours)
    return _("{days} d").format(days=days)


def _two_units(plain: str, mixed: str, whole: int) -> str:
    hours, minutes = whole // HOUR, whole % HOUR // MINUTE
    return (mixed if minutes else plain).format(hours=hours, minutes=minutes)


def clock_face(seconds: float) -> str:
    """Return what a countdown shows: "04:12", or "1:04:12" from an hour on."""
    whole = max(0, int(seconds))
    hours, minutes = whole // HOUR, whole % HOUR // MINUTE
    face = f"{minutes:02}:{whole % MINUTE:02}"
    return f"{hours}:{face}" if hours else face


def person_time(instant: datetime, now: datetime, zone: tzinfo) -> str:
    """Return an instant as a person would say it: "in 12 min", "14:10", "Tue 09:00", "3 Nov"."""
    seconds = (instant - now).total_seconds()
    if abs(seconds) < MINUTE:
        return _("now")
    if abs(seconds) < HOUR:
        words = duration_words(abs(seconds))
        return (_("in {span}") if seconds > 0 else _("{span} ago")).format(span=words)
    return day_time(instant, now, zone)


def day_time(instant: datetime, now: datetime, zone: tzinfo) -> str:
    """Return the wall clock, with as much of the date as the distance asks for."""
    local, today = instant.astimezone(zone), now.astimezone(zone)
    days = abs((local.date() - today.date()).days)
    if days == 0:
        return f"{local:%H:%M}"
    if days < WEEK_DAYS:
        return f"{_day(local, 'D')} {local:%H:%M}"
    if local.year == today.year:
        return f"{_day(local, 'j M')} {local:%H:%M}"
    return _day(local, "j M Y")


def full_time(instant: datetime, zone: tzinfo) -> str:
    """Return the whole truth of an instant, local and UTC, for hover and for print."""
    local = instant.astimezone(zone)
    return _("{local} · {universal} UTC").format(
        local=f"{_day(local, 'l j F Y')}, {local:%H:%M:%S %Z}",
        universal=f"{instant.astimezone(UTC):%H:%M:%S}",
    )


def _day(local: datetime, pattern: str) -> str:
    return _date_words(local.date(), pattern, get_language())


@lru_cache(maxsize=2048)
def _date_words(day: date, pattern: str, language: str | None) -> str:
    """Say a day, once for all the instants of it that a page shows: Django takes its time."""
    return date_format(day, pattern)
