"""How Nova says instants and spans to people. Pure: who reads is an argument."""

from datetime import UTC, date, datetime
from functools import lru_cache

from django.utils import translation
from django.utils.dateformat import format as date_format

from nova.web.words import Reader, Words

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK_DAYS = 7


def duration_words(seconds: float, words: Words) -> str:
    """Return a span in its two largest useful units: "42 s", "12 min", "2 h 10", "3 d 4 h"."""
    whole = max(0, int(seconds))
    if whole < MINUTE:
        return words.gettext("{seconds} s").format(seconds=whole)
    if whole < HOUR:
        return words.gettext("{minutes} min").format(minutes=whole // MINUTE)
    if whole < DAY:
        return _hours(whole, words)
    days, hours = whole // DAY, whole % DAY // HOUR
    if hours and days < WEEK_DAYS:
        return words.gettext("{days} d {hours} h").format(days=days, hours=hours)
    return words.gettext("{days} d").format(days=days)


def _hours(whole: int, words: Words) -> str:
    hours, minutes = whole // HOUR, whole % HOUR // MINUTE
    if minutes:
        return words.gettext("{hours} h {minutes:02}").format(hours=hours, minutes=minutes)
    return words.gettext("{hours} h").format(hours=hours)


def clock_face(seconds: float) -> str:
    """Return what a countdown shows: "04:12", or "1:04:12" from an hour on."""
    whole = max(0, int(seconds))
    hours, minutes = whole // HOUR, whole % HOUR // MINUTE
    face = f"{minutes:02}:{whole % MINUTE:02}"
    return f"{hours}:{face}" if hours else face


def person_time(instant: datetime, reader: Reader) -> str:
    """Return an instant as a person would say it: "in 12 min", "14:10", "Tue 09:00", "3 Nov"."""
    seconds = (instant - reader.now).total_seconds()
    if abs(seconds) < MINUTE:
        return reader.words.gettext("now")
    if abs(seconds) >= HOUR:
        return day_time(instant, reader)
    span = duration_words(abs(seconds), reader.words)
    if seconds > 0:
        return reader.words.gettext("in {span}").format(span=span)
    return reader.words.gettext("{span} ago").format(span=span)


def day_time(instant: datetime, reader: Reader) -> str:
    """Return the wall clock, with as much of the date as the distance asks for."""
    local, today = instant.astimezone(reader.zone), reader.now.astimezone(reader.zone).date()
    clock = f"{local.hour:02}:{local.minute:02}"
    days = abs((local.date() - today).days)
    if days == 0:
        return clock
    if days < WEEK_DAYS:
        return f"{_day(local, 'D', reader)} {clock}"
    if local.year == today.year:
        return f"{_day(local, 'j M', reader)} {clock}"
    return _day(local, "j M Y", reader)


def full_time(instant: datetime, reader: Reader) -> str:
    """Return the whole truth of an instant, local and UTC, for hover and for print."""
    local = instant.astimezone(reader.zone)
    return reader.words.gettext("{local} · {universal} UTC").format(
        local=f"{_day(local, 'l j F Y', reader)}, {local:%H:%M:%S %Z}",
        universal=f"{instant.astimezone(UTC):%H:%M:%S}",
    )


def _day(local: datetime, pattern: str, reader: Reader) -> str:
    return _date_words(local.date(), pattern, reader.words.language)


@lru_cache(maxsize=2048)
def _date_words(day: date, pattern: str, language: str) -> str:
    """Say a day: once, for all the instants of it that pages show."""
    with translation.override(language):
        return date_format(day, pattern)
