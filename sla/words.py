"""How instants and spans read in an explanation. Pure; translation comes in as a function."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Say = Callable[[str], str]

ONE_DAY = timedelta(days=1)


def gettext_noop(message: str) -> str:
    """Mark `message` for translation: makemessages knows this name, the caller brings `say`."""
    return message


WEEKDAYS = (
    gettext_noop("Mon"),
    gettext_noop("Tue"),
    gettext_noop("Wed"),
    gettext_noop("Thu"),
    gettext_noop("Fri"),
    gettext_noop("Sat"),
    gettext_noop("Sun"),
)
MONTHS = (
    gettext_noop("Jan"),
    gettext_noop("Feb"),
    gettext_noop("Mar"),
    gettext_noop("Apr"),
    gettext_noop("May"),
    gettext_noop("Jun"),
    gettext_noop("Jul"),
    gettext_noop("Aug"),
    gettext_noop("Sep"),
    gettext_noop("Oct"),
    gettext_noop("Nov"),
    gettext_noop("Dec"),
)
UNITS = (
    (3600, gettext_noop("%(count)s h")),
    (60, gettext_noop("%(count)s min")),
    (1, gettext_noop("%(count)s s")),
)
_PART = re.compile(r"([0-9]{1,9})\s*([^\d\s]*)\s*")  # a count, and the unit that may follow
WINDOW_FORM = gettext_noop("%(start)s to %(end)s")
DAY_FORM = gettext_noop("%(weekday)s %(day)s %(month)s")
DAY_WITH_YEAR_FORM = gettext_noop("%(weekday)s %(day)s %(month)s %(year)s")


@dataclass(frozen=True)
class Words:
    """Writes for one reader: in `zone`, with the year and the zone's name where they change."""

    zone: ZoneInfo
    since: datetime
    say: Say = str

    def span(self, seconds: int) -> str:
        """Return `seconds` as a person says them: 1 h 30 min."""
        return span_of(abs(seconds), self.say)

    def moment(self, at: datetime) -> str:
        """Return `at` as day and time: Tue 3 Mar 10:00."""
        local = at.astimezone(self.zone)
        return f"{self.day(local.date())} {self._time(local)}"

    def window(self, start: datetime, end: datetime) -> str:
        """Return the window between two instants, naming the day once if it is one day."""
        values = {"start": self.moment(start), "end": self._end(start, end)}
        return self.say(WINDOW_FORM) % values

    def _end(self, start: datetime, end: datetime) -> str:
        first, last = start.astimezone(self.zone), end.astimezone(self.zone)
        if first.utcoffset() != last.utcoffset():
            return self.moment(end)
        if first.date() == last.date():
            return _clock_time(last)
        is_midnight = last.time() == time() and last.date() - first.date() == ONE_DAY
        return "24:00" if is_midnight else self.moment(end)

    def day(self, on: date) -> str:
        """Return the date, with its year where that is not the year of the start."""
        is_same_year = on.year == self.since.astimezone(self.zone).year
        return self.say(DAY_FORM if is_same_year else DAY_WITH_YEAR_FORM) % {
            "weekday": self.say(WEEKDAYS[on.weekday()]),
            "day": on.day,
            "month": self.say(MONTHS[on.month - 1]),
            "year": on.year,
        }

    def _time(self, local: datetime) -> str:
        text = _clock_time(local)
        changed = local.utcoffset() != self.since.astimezone(self.zone).utcoffset()
        return f"{text} {local.tzname()}" if changed else text


def _clock_time(local: datetime) -> str:
    return local.strftime("%H:%M:%S" if local.second else "%H:%M")


def span_of(seconds: int, say: Say = str) -> str:
    """Return `seconds` as a person says them: 1 h 30 min. What is negative begins with a minus."""
    parts = []
    left = abs(seconds)
    for size, form in UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append(say(form) % {"count": count})
    words = " ".join(parts) or say("%(count)s min") % {"count": 0}
    return f"-{words}" if seconds < 0 else words


def seconds_in(words: str, say: Say = str) -> int | None:
    """Return the seconds that `words` say as `span_of` does, or None if they say no span.

    Bare numbers are minutes, so `90` and `1 h 30` are spans too.
    """
    sizes = {"": 60, "m": 60}
    for size, form in UNITS:
        sizes |= {(each % {"count": ""}).strip().casefold(): size for each in (form, say(form))}
    text = words.strip()
    sign, text = (-1, text[1:].lstrip()) if text.startswith("-") else (1, text)
    parts = _PART.findall(text)
    counted = [(sizes.get(unit.casefold(), 0), int(count)) for count, unit in parts]
    units = [size for size, _count in counted]
    is_whole = bool(parts) and not _PART.sub("", text)
    if not is_whole or 0 in units or units != sorted(set(units), reverse=True):
        return None
    return sign * sum(size * count for size, count in counted)
