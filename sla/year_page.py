"""What the page of a calendar's year shows, in words. Nothing here queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils.dates import MONTHS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from sla.calendar_changes import Difference, differences
from sla.calendar_words import (
    DAY_NAMES,
    LOOKS,
    date_words,
    hours_words,
    shift_words,
    spans_words,
    subject_of,
    version_warnings,
)
from sla.models import Calendar, CalendarFeed, CalendarVersion
from sla.year import (
    EARLIEST,
    LATEST,
    Day,
    Look,
    Month,
    Year,
    never_opens_again,
    runs_of_weeks,
    year_of,
)


@dataclass(frozen=True)
class Cell:
    """One day of a month, as its square shows it; `anchor` is its line in the list, if any."""

    number: int
    look: str
    words: str
    anchor: str
    is_special: bool
    is_shifted: bool
    is_today: bool


@dataclass(frozen=True)
class MonthOfPage:
    name: str
    total: str
    weeks: list[list[Cell | None]]


@dataclass(frozen=True)
class Line:
    """A day of the list: when it is open, what it is called, and what its clocks do."""

    anchor: str
    date: str
    open: str
    name: str
    shift: str


class YearPage:
    """A version's year, and what is known beside it."""

    def __init__(
        self,
        calendar: Calendar,
        version: CalendarVersion,
        versions: Sequence[CalendarVersion],
        number: int,
        now: datetime,
    ) -> None:
        self.calendar, self.version, self.versions = calendar, version, versions
        self.hours = version.hours
        self.now = now
        self.today = now.astimezone(self.hours.zone).date()
        self.year: Year = year_of(self.hours, number)
        self.previous = number - 1 if number > EARLIEST else None
        self.next = number + 1 if number < LATEST else None
        self.weekdays = [str(WEEKDAYS_ABBR[day]) for day in range(7)]
        self.feed: CalendarFeed | None = getattr(calendar, "feed", None)

    @property
    def total(self) -> str:
        return hours_words(self.year.seconds)

    @cached_property
    def months(self) -> list[MonthOfPage]:
        return [self._month(month) for month in self.year.months]

    @cached_property
    def lines(self) -> list[Line]:
        return [_line(day) for day in self.year.special]

    @property
    def week(self) -> list[tuple[str, str]]:
        """Return each weekday with its hours."""
        names = DAY_NAMES.values()
        return [
            (str(name), spans_words(spans))
            for name, spans in zip(names, self.hours.weekly, strict=True)
        ]

    @property
    def legend(self) -> list[tuple[str, str]]:
        return [(look.value, str(words)) for look, words in LOOKS.items()]

    @cached_property
    def warnings(self) -> list[str]:
        """Return what is to be seen to: now, and in the year that is shown."""
        found = version_warnings(self.version, self.now)
        runs = [] if self.never_opens else runs_of_weeks(self.year.empty_weeks)
        for first, last in runs:
            span = {"first": date_words(first), "last": date_words(last)}
            found.append(_("Nothing is open from %(first)s to %(last)s.") % span)
        return found

    @property
    def never_opens(self) -> bool:
        return never_opens_again(self.hours, self.today)

    @property
    def former(self) -> CalendarVersion | None:
        """Return the version before this one."""
        older = [other for other in self.versions if other.number < self.version.number]
        return max(older, key=lambda other: other.number, default=None)

    @cached_property
    def changes(self) -> list[tuple[str, Difference]]:
        """Return what this version says otherwise than the former one."""
        if self.former is None:
            return []
        found = differences(self.former.definition, self.version.definition)
        return [(subject_of(difference), difference) for difference in found]

    def _month(self, month: Month) -> MonthOfPage:
        weeks = [[self._cell(day) if day else None for day in week] for week in month.weeks]
        return MonthOfPage(str(MONTHS[month.number]), hours_words(month.seconds), weeks)

    def _cell(self, day: Day) -> Cell:
        listed = day.is_special or day.shift
        return Cell(
            number=day.on.day,
            look=day.look,
            words=_cell_words(day),
            anchor=f"d{day.on.isoformat()}" if listed else "",
            is_special=day.is_special,
            is_shifted=bool(day.shift),
            is_today=day.on == self.today,
        )


def _cell_words(day: Day) -> str:
    """Return what a square says to who hovers, focuses or listens."""
    how = spans_words(day.spans) if day.look != Look.CLOSED else str(LOOKS[Look.CLOSED])
    return ", ".join(filter(None, [day.name, how, shift_words(day)]))


def _line(day: Day) -> Line:
    return Line(
        anchor=f"d{day.on.isoformat()}",
        date=date_words(day.on),
        open=spans_words(day.spans),
        name=day.name,
        shift=shift_words(day),
    )
