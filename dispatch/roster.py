"""Who is at work when: weekly shifts, days that differ, and leave. Pure; no models, no clock.

A roster is working hours of one person (`nova.hours`), in the zone of that person: a shift that
runs over midnight ends on the next day, and a day of leave has no hours at all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dispatch.engine.facts import Presence
from nova.hours import DAY, Span, Spans, SpecialDay, WorkingHours, merged

LOOK_AHEAD = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Shift:
    """Hours of a weekday (0: Monday), in seconds of the day; one that ends first ends tomorrow."""

    weekday: int
    opens: int
    closes: int

    @property
    def spans(self) -> tuple[tuple[int, Span], ...]:
        """Return the hours by weekday, split at midnight."""
        if self.closes > self.opens:
            return ((self.weekday, (self.opens, self.closes)),)
        today, tomorrow = (self.opens, DAY), (0, self.closes)
        split = ((self.weekday, today), ((self.weekday + 1) % 7, tomorrow))
        return split if self.closes else split[:1]


@dataclass(frozen=True, slots=True)
class Change:
    """Dates on which somebody works other hours than the week says; without spans: none."""

    first: date
    last: date
    spans: Spans = ()
    reason: str = ""

    def days(self) -> Iterable[SpecialDay]:
        for number in range((self.last - self.first).days + 1):
            yield SpecialDay(self.first + timedelta(days=number), self.spans, self.reason)


def hours_of(zone: ZoneInfo, shifts: Iterable[Shift], changes: Sequence[Change]) -> WorkingHours:
    """Return when somebody works. Of several changes of one day the last given counts."""
    weekly: list[list[Span]] = [[] for _ in range(7)]
    for shift in shifts:
        for weekday, span in shift.spans:
            weekly[weekday].append(span)
    special = {day.on: day for change in changes for day in change.days()}
    days = tuple(special[on] for on in sorted(special))
    return WorkingHours(zone, tuple(merged(spans) for spans in weekly), days)


def presence_at(hours: WorkingHours, now: datetime) -> Presence:
    """Return whether somebody works at an instant by their roster, until when, or from when on.

    Who works without an end in sight is there until the end of what is looked at.
    """
    for opens, closes in hours.windows(now, now + LOOK_AHEAD):
        if opens <= now:
            return Presence(until=closes, known_at=now)
        return Presence(until=None, known_at=now, back_at=opens)
    return Presence(until=None, known_at=now)
