"""Who is at work when: weekly shifts, days that differ, and leave. Pure; no models, no clock.

A roster is working hours of one person (`nova.hours`), in the zone of that person: a shift that
runs over midnight ends on the next day, and on a day of leave none begins.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from dispatch.engine.facts import Presence, Source
from nova.hours import DAY, Span, Spans, SpecialDay, WorkingHours, merged

LOOK_AHEAD = timedelta(days=28)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Shift:
    """Hours of a weekday (0: Monday), in seconds of the day; one that ends first ends tomorrow."""

    weekday: int
    opens: int
    closes: int

    @property
    def today(self) -> Span:
        return self.opens, self.closes if self.closes > self.opens else DAY

    @property
    def tomorrow(self) -> Spans:
        """Return what of it is after midnight."""
        return ((0, self.closes),) if 0 < self.closes <= self.opens else ()


@dataclass(frozen=True, slots=True)
class Change:
    """Dates on which somebody works other hours than the week says; without spans: none.

    It stands for the shifts that begin on these dates: a night that began before them is worked,
    and one that would begin on the last of them is not.
    """

    first: date
    last: date
    spans: Spans = ()
    reason: str = ""

    def days(self) -> Iterable[date]:
        for number in range((self.last - self.first).days + 1):
            yield self.first + timedelta(days=number)


def hours_of(zone: ZoneInfo, shifts: Iterable[Shift], changes: Sequence[Change]) -> WorkingHours:
    """Return when somebody works. Of several changes of one day the last given counts."""
    begun: list[list[Span]] = [[] for _ in range(7)]
    nights: list[list[Span]] = [[] for _ in range(7)]  # by the day on which they end
    for shift in shifts:
        begun[shift.weekday].append(shift.today)
        nights[(shift.weekday + 1) % 7] += shift.tomorrow
    weekly = tuple(merged([*begun[day], *nights[day]]) for day in range(7))
    changed = {day: change for change in changes for day in change.days()}

    def on(day: date) -> SpecialDay:
        change, before = changed.get(day), changed.get(day - ONE_DAY)
        spans = change.spans if change else begun[day.weekday()]
        night = [] if before else nights[day.weekday()]
        return SpecialDay(day, merged([*spans, *night]), change.reason if change else "")

    touched = sorted({day + after for day in changed for after in (timedelta(), ONE_DAY)})
    return WorkingHours(zone, weekly, tuple(map(on, touched)))


def clash(shifts: Sequence[Shift]) -> tuple[int, int] | None:
    """Return the positions of the first two shifts of a week that overlap, if any do."""
    spans = [
        (day * DAY + opens, day * DAY + closes, at)
        for at, shift in enumerate(shifts)
        for day, (opens, closes) in (
            (shift.weekday, shift.today),
            *(((shift.weekday + 1) % 7, span) for span in shift.tomorrow),
        )
    ]
    for (_, closes, one), (opens, _, other) in pairwise(sorted(spans)):
        if opens < closes:
            return (one, other) if one < other else (other, one)
    return None


def presence_at(hours: WorkingHours, now: datetime) -> Presence:
    """Return whether somebody works at an instant by their roster, until when, or from when on.

    Who works without an end in sight is there until the end of what is looked at.
    """
    for opens, closes in hours.windows(now, now + LOOK_AHEAD):
        if opens <= now:
            return Presence(until=closes, known_at=now)
        return Presence(until=None, known_at=now, back_at=opens)
    return Presence(until=None, known_at=now)


def unless_away(hours: WorkingHours, now: datetime, away_until: datetime | None) -> Presence:
    """Return whether somebody works who may have stated to be away, which goes first."""
    if away_until is None or away_until <= now:
        return presence_at(hours, now)
    then = presence_at(hours, away_until)
    back_at = away_until if then.until else then.back_at
    return Presence(until=None, known_at=now, back_at=back_at, source=Source.THEMSELVES)
