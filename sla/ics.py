"""Holidays from an iCalendar file (RFC 5545), with errors that say where. Pure.

An event of whole days closes them; one with times closes those spans, on the wall clock of the
calendar's zone. What repeats is expanded within the years asked for.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, date, datetime, time, timedelta, tzinfo
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from sla.calendars import MAX_HOLIDAYS, Findings
from sla.recurring import Budget, CannotRepeat, occurrences
from sla.written import Day, Days

MOST_BYTES = 1 << 20
MOST_EVENTS = 3_000
LONGEST_NAME = 120
ONE_DAY = timedelta(days=1)
FARTHEST = datetime.combine(date.max, time.max)
BOM = b"\xef\xbb\xbf"
UNREADABLE = (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError)


def days_from_ics(content: bytes, zone: ZoneInfo, first: date, last: date) -> Days:
    """Return the days that a file closes from `first` to `last`, in order.

    Raises `Malformed` (`sla.calendars`) with every event that cannot be read: nothing is lost.
    """
    findings = Findings()
    components = _components(content, findings)
    findings.settle()
    events = [Event.read(c, n, findings) for n, c in enumerate(components, start=1)]
    findings.settle()
    days = _days([event for event in events if event], zone, first, last, findings)
    findings.settle()
    return days


def _components(content: bytes, findings: Findings) -> list[Any]:
    import icalendar  # noqa: PLC0415 - large, and most processes read no calendar

    if len(content) > MOST_BYTES:
        findings.add("file", f"is larger than {MOST_BYTES // 1024} KB.")
        return []
    try:
        calendars = icalendar.Calendar.from_ical(content.removeprefix(BOM), multiple=True)
    except UNREADABLE as error:
        findings.add("file", f"is no iCalendar file: {_short(error)}")
        return []
    events = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    if not calendars or any(calendar.name != "VCALENDAR" for calendar in calendars):
        findings.add("file", "is no iCalendar file: it does not begin with BEGIN:VCALENDAR.")
    if len(events) > MOST_EVENTS:
        findings.add("file", f"has more than {MOST_EVENTS} events.")
    return events


@dataclass(frozen=True)
class Event:
    """One VEVENT, on its own wall clock. Whole days have no `zone` and `is_whole`."""

    where: str
    uid: str
    name: str
    start: datetime
    length: timedelta
    is_whole: bool
    zone: tzinfo | None
    is_cancelled: bool
    replaces: datetime | None
    rule: Mapping[str, Any] | None
    extra: frozenset[datetime] = field(default_factory=frozenset)
    without: frozenset[datetime] = field(default_factory=frozenset)

    @classmethod
    def read(cls, component: Any, number: int, findings: Findings) -> "Event | None":
        """Read an event; what is wrong with it is found under its number and name."""
        name = _line(component.get("SUMMARY", ""))
        where = f"event {number} ({name})" if name else f"event {number}"
        for prop, what in component.errors:
            findings.add(where, f"{prop} cannot be read: {_line(what)}")
        if component.errors:
            return None
        try:
            return cls._read(component, where, name)
        except UNREADABLE as error:
            findings.add(where, _short(error))
            return None

    @classmethod
    def _read(cls, component: Any, where: str, name: str) -> "Event":
        start = _moment(component, "DTSTART")
        if start is None:
            raise ValueError("it has no DTSTART.")
        zone = start.tzinfo if isinstance(start, datetime) else None
        replaces = _moment(component, "RECURRENCE-ID")
        return cls(
            where=where,
            uid=str(component.get("UID", where)),
            name=name,
            start=_wall(start, zone),
            length=_length(component, start),
            is_whole=not isinstance(start, datetime),
            zone=zone,
            is_cancelled=str(component.get("STATUS", "")).upper() == "CANCELLED",
            replaces=None if replaces is None else _wall(replaces, zone),
            rule=_rule(component),
            extra=_listed(component, "RDATE", zone),
            without=_listed(component, "EXDATE", zone),
        )

    def starts(self, last: date, budget: Budget) -> set[datetime]:
        """Return when it begins, up to and with `last`. Raises `CannotRepeat`."""
        found = {self.start, *self.extra}
        if self.rule:
            found |= set(occurrences(self.start, self.rule, last, budget, self.zone))
        return found - self.without

    def days(self, start: datetime, zone: ZoneInfo, first: date, last: date) -> Iterator[Day]:
        """Yield what one occurrence closes of the dates from `first` to `last`."""
        until = start + min(self.length, FARTHEST - start)
        begin, end = self._within(start, zone), self._within(until, zone)
        on = max(begin.date(), first)
        while on <= min(end.date(), last):
            opens = begin.time() if on == begin.date() else time.min
            closes = end.time() if on == end.date() else None
            if closes is None or closes > opens:
                yield self._day(on, opens, closes)
            on += ONE_DAY

    def _day(self, on: date, opens: time, closes: time | None) -> Day:
        spans = {} if self.is_whole else {"closed": [[_clock(opens), _clock(closes)]]}
        return {"date": on.isoformat(), **spans, **({"name": self.name} if self.name else {})}

    def _within(self, at: datetime, zone: ZoneInfo) -> datetime:
        """Return a wall time of the event on the wall clock of the calendar."""
        if self.zone is None or at.year in (MINYEAR, MAXYEAR):  # no zone matters so far away
            return at
        return at.replace(tzinfo=self.zone).astimezone(zone).replace(tzinfo=None)


def _days(
    events: list[Event], zone: ZoneInfo, first: date, last: date, findings: Findings
) -> Days:
    replaced = {(event.uid, event.replaces) for event in events if event.replaces}
    budget = Budget()
    found: Days = []
    for event in (event for event in events if not event.is_cancelled):
        try:
            starts = event.starts(last, budget)
        except CannotRepeat as error:
            findings.add(event.where, _short(error))
            continue
        kept = (at for at in starts if event.replaces or (event.uid, at) not in replaced)
        near = sorted(at for at in kept if at.date() <= last + ONE_DAY)
        days = (day for at in near for day in event.days(at, zone, first, last))
        found += islice(days, MAX_HOLIDAYS + 1 - len(found))
        if len(found) > MAX_HOLIDAYS:
            findings.add(event.where, f"with it the file has more than {MAX_HOLIDAYS} days.")
            return []
    return _once(found)


def _once(days: Iterable[Day]) -> Days:
    """Return days in order, each said once."""
    told = {(day["date"], str(day.get("closed", "")), day.get("name", "")): day for day in days}
    return [told[key] for key in sorted(told)]


def _moment(component: Any, name: str) -> date | None:
    """Return a date, or an instant with its zone. Raises `ValueError`."""
    value = component.get(name)
    if value is None:
        return None
    found = getattr(value, "dt", None)
    if not isinstance(found, date):
        raise ValueError(f"{name} is not one date or time.")
    named = value.params.get("TZID")
    if named and isinstance(found, datetime) and found.tzinfo is None:
        raise ValueError(f"{name} has a time zone that is not known: {_line(named)}.")
    return found


def _length(component: Any, start: date) -> timedelta:
    """Return how long an event lasts: to its end, for its duration, or else a day or no time."""
    end, duration = _moment(component, "DTEND"), component.get("DURATION")
    if end is None:
        usual = timedelta() if isinstance(start, datetime) else ONE_DAY
        return max(usual, duration.dt if duration is not None else usual)
    if isinstance(end, datetime) != isinstance(start, datetime):
        raise ValueError("one of DTSTART and DTEND has a time and the other has none.")
    zone = start.tzinfo if isinstance(start, datetime) else None
    length = _wall(end, zone) - _wall(start, zone)
    if length < timedelta():
        raise ValueError("it ends before it begins.")
    return length if isinstance(start, datetime) else max(length, ONE_DAY)


def _rule(component: Any) -> Mapping[str, Any] | None:
    rule = component.get("RRULE")
    if isinstance(rule, list):
        raise ValueError("it has more than one RRULE.")
    return rule if rule is None else dict(rule)


def _listed(component: Any, name: str, zone: tzinfo | None) -> frozenset[datetime]:
    """Return the wall times of a property that lists some, once or several times."""
    value = component.get(name, [])
    lists = value if isinstance(value, list) else [value]
    found = [item.dt for one in lists for item in one.dts]
    if any(not isinstance(item, date) for item in found):
        raise ValueError(f"{name} lists something other than dates and times.")
    return frozenset(_wall(item, zone) for item in found)


def _wall(value: date, zone: tzinfo | None) -> datetime:
    """Return what the wall clock of `zone` reads then; a date begins at midnight."""
    if not isinstance(value, datetime):
        return datetime.combine(value, time.min)
    return (value.astimezone(zone) if zone and value.tzinfo else value).replace(tzinfo=None)


def _clock(at: time | None) -> str:
    if at is None:
        return "24:00"
    return f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}"


def _line(text: Any) -> str:
    """Return text from outside as one line that is not long."""
    plain = "".join(letter if letter.isprintable() else " " for letter in str(text))
    return " ".join(plain.split())[:LONGEST_NAME]


def _short(error: BaseException) -> str:
    return _line(error) or type(error).__name__
