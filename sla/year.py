"""A year of open hours at a glance: what each day, week and month amounts to. Pure.

Seconds are those that count (`nova.hours`): on the day that a zone repeats an hour, an office that
is open then counts it twice.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import groupby

from nova.hours import EPOCH, Spans, WorkingHours

ONE_DAY = timedelta(days=1)
WEEK = 7
EARLIEST, LATEST = 1971, 2199
FOUR_DIGITS = re.compile(r"[0-9]{4}")


class Look(StrEnum):
    """How a day compares with what is usual on its weekday."""

    CLOSED = "closed"
    SHORT = "short"
    USUAL = "usual"
    LONGER = "longer"


@dataclass(frozen=True)
class Day:
    """One local date: its open spans, how many seconds count, and what makes it differ.

    `shift` is by how many seconds the zone sets its clocks forward on it, or back if negative.
    """

    on: date
    spans: Spans
    seconds: int
    look: Look
    is_special: bool = False
    name: str = ""
    shift: int = 0


@dataclass(frozen=True)
class Month:
    """A month: `weeks` run from Monday, with None for days of the months beside it."""

    number: int
    days: Sequence[Day]

    @property
    def seconds(self) -> int:
        return sum(day.seconds for day in self.days)

    @property
    def first(self) -> date:
        return self.days[0].on

    @property
    def weeks(self) -> list[list[Day | None]]:
        before: list[Day | None] = [None] * self.first.weekday()
        cells = [*before, *self.days]
        cells += [None] * (-len(cells) % WEEK)
        return [cells[start : start + WEEK] for start in range(0, len(cells), WEEK)]


@dataclass(frozen=True)
class Year:
    """The days of a calendar year, and what they amount to."""

    number: int
    days: Sequence[Day]
    empty_weeks: Sequence[date]  # the Monday of each week in which nothing is open

    @cached_property
    def months(self) -> list[Month]:
        by_month = groupby(self.days, key=lambda day: day.on.month)
        return [Month(number, list(days)) for number, days in by_month]

    @property
    def seconds(self) -> int:
        return sum(day.seconds for day in self.days)

    @property
    def special(self) -> list[Day]:
        """Return the days that differ, or on which the clocks are set."""
        return [day for day in self.days if day.is_special or day.shift]


def year_of(hours: WorkingHours, number: int) -> Year:
    """Return a year between `EARLIEST` and `LATEST`."""
    first, last = date(number, 1, 1), date(number, 12, 31)
    names = {day.on: day.name for day in hours.special_days}
    days = [_day(hours, on, names) for on in _dates(first, last)]
    return Year(number, days, list(_empty_weeks(hours, first, last)))


def year_in(text: str) -> int | None:
    """Return the year that a text names, if it is one that can be shown."""
    number = int(text) if FOUR_DIGITS.fullmatch(text) else 0
    return number if EARLIEST <= number <= LATEST else None


def never_opens_again(hours: WorkingHours, today: date) -> bool:
    """Say whether no second counts any more: no weekday opens, and no special day to come."""
    return not any(hours.weekly) and not any(
        day.spans for day in hours.special_days if day.on >= today
    )


def runs_of_weeks(mondays: Iterable[date]) -> list[tuple[date, date]]:
    """Return weeks that follow each other as one: the first Monday and the last Sunday."""
    runs: list[tuple[date, date]] = []
    for monday in mondays:
        sunday = monday + (WEEK - 1) * ONE_DAY
        if runs and runs[-1][1] + ONE_DAY == monday:
            runs[-1] = (runs[-1][0], sunday)
        else:
            runs.append((monday, sunday))
    return runs


def _dates(first: date, last: date) -> Iterator[date]:
    return (first + ONE_DAY * count for count in range((last - first).days + 1))


def _day(hours: WorkingHours, on: date, names: dict[date, str]) -> Day:
    start, end = _midnight(hours, on), _midnight(hours, on + ONE_DAY)
    spans = spans_on(hours, on)
    return Day(
        on=on,
        spans=spans,
        seconds=hours.open_seconds(start, end),
        look=_look(_total(spans), _total(hours.weekly[on.weekday()])),
        is_special=on in names,
        name=names.get(on, ""),
        shift=_shift(start, end, hours),
    )


def spans_on(hours: WorkingHours, on: date) -> Spans:
    """Return the open spans of a local date, in seconds of its wall clock."""
    return hours.spans_on((on - EPOCH.date()).days)


def _look(planned: int, usual: int) -> Look:
    if not planned:
        return Look.CLOSED
    if planned == usual:
        return Look.USUAL
    return Look.SHORT if planned < usual else Look.LONGER


def _shift(start: datetime, end: datetime, hours: WorkingHours) -> int:
    offsets = [at.astimezone(hours.zone).utcoffset() or timedelta() for at in (start, end)]
    return int((offsets[1] - offsets[0]).total_seconds())


def _midnight(hours: WorkingHours, on: date) -> datetime:
    """Return the instant at which a local date begins; where it has no midnight, its first."""
    return datetime(on.year, on.month, on.day, tzinfo=hours.zone).astimezone(UTC)


def _total(spans: Spans) -> int:
    return sum(closes - opens for opens, closes in spans)


def _empty_weeks(hours: WorkingHours, first: date, last: date) -> Iterator[date]:
    """Yield the Monday of each week that touches the year and opens on no day of it."""
    monday = first - ONE_DAY * first.weekday()
    while monday <= last:
        if not any(spans_on(hours, monday + ONE_DAY * day) for day in range(WEEK)):
            yield monday
        monday += WEEK * ONE_DAY
