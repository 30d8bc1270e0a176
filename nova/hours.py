"""Working hours: which seconds count. Pure arithmetic on UTC instants; no models, no clock.

A second counts when the wall clock of the calendar's zone reads an open time of that local date.
By this an hour that the zone repeats counts twice, and one that it skips not at all.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

# Half open seconds [from, to): of a local day (0 to 86400), or since the epoch in UTC.
Span = tuple[int, int]
Spans = tuple[Span, ...]

DAY = 86_400
WEEK = 7 * DAY
HORIZON = 5_218 * WEEK  # a hundred years: what is not reached by then is never reached
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_WEEKDAY = 3  # 1 January 1970 was a Thursday
SECOND = timedelta(seconds=1)
WHOLE_DAY: Spans = ((0, DAY),)


def epoch_seconds(instant: datetime) -> int:
    """Return the whole second in which `instant` (aware) lies."""
    return (instant - EPOCH) // SECOND


def instant_at(seconds: int) -> datetime:
    """Return the aware UTC instant at `seconds` since the epoch."""
    return EPOCH + timedelta(seconds=seconds)


def merged(spans: Sequence[Span]) -> Spans:
    """Return `spans` in order, with those that touch or overlap made one."""
    result: list[Span] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return tuple(result)


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A local date that does not follow the week: a holiday, a half day, an extra opening."""

    on: date
    spans: Spans = ()
    name: str = ""


@dataclass(frozen=True)
class WorkingHours:
    """When a desk is open, in the wall time of one IANA zone. Immutable, hashable, comparable.

    `weekly` holds the open spans of each day, Monday to Sunday; a special day replaces its date.
    """

    zone: ZoneInfo
    weekly: tuple[Spans, ...]
    special_days: tuple[SpecialDay, ...] = ()
    is_always_open: bool = field(init=False, compare=False, repr=False)
    is_never_open: bool = field(init=False, compare=False, repr=False)
    _special: dict[int, Spans] = field(init=False, compare=False, repr=False)
    _hash: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        special = {(day.on - EPOCH.date()).days: day.spans for day in self.special_days}
        always = all(spans == WHOLE_DAY for spans in (*self.weekly, *special.values()))
        remember = object.__setattr__  # the class is frozen; these four follow from its fields
        remember(self, "is_always_open", always)
        remember(self, "is_never_open", not any(self.weekly) and not any(special.values()))
        remember(self, "_special", special)
        remember(self, "_hash", hash((self.zone.key, self.weekly, self.special_days)))

    def __hash__(self) -> int:
        return self._hash

    def spans_on(self, day: int) -> Spans:
        """Return the open spans of the local date that is `day` days after 1 January 1970."""
        spans = self._special.get(day)
        return self.weekly[(day + EPOCH_WEEKDAY) % 7] if spans is None else spans

    def open_seconds(self, start: datetime, end: datetime) -> int:
        """Count the open seconds in [`start`, `end`); 0 if `end` is not later."""
        first, last = epoch_seconds(start), epoch_seconds(end)
        if last <= first or self.is_never_open:
            return 0
        if self.is_always_open:
            return last - first
        begin, finish = first // WEEK, last // WEEK
        counted = _week(self, finish).counted_by(last) - _week(self, begin).counted_by(first)
        return counted + sum(_week(self, number).total for number in range(begin, finish))

    def advance(self, start: datetime, seconds: int) -> datetime | None:
        """Return the instant at which `seconds` open seconds will have passed since `start`.

        A target that is reached at closing time is due at closing time. None when it is not
        reached within a hundred years, which holds for hours that never open.
        """
        first = epoch_seconds(start)
        if seconds <= 0 or self.is_always_open:
            return instant_at(first + max(seconds, 0)) if seconds <= HORIZON else None
        if self.is_never_open:
            return None
        number = first // WEEK
        last = number + HORIZON // WEEK
        needed = seconds + _week(self, number).counted_by(first)
        while needed > (total := _week(self, number).total):
            needed, number = needed - total, number + 1
            if number > last:
                return None
        return instant_at(_week(self, number).instant_of(needed))

    def windows(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield each open window within [`start`, `end`), in UTC and in order."""
        pending: Span | None = None
        for opens, closes in self._pieces(epoch_seconds(start), epoch_seconds(end)):
            if pending and pending[1] == opens:  # one window that runs over a seam of weeks
                pending = (pending[0], closes)
                continue
            if pending:
                yield instant_at(pending[0]), instant_at(pending[1])
            pending = (opens, closes)
        if pending:
            yield instant_at(pending[0]), instant_at(pending[1])

    def _pieces(self, first: int, last: int) -> Iterator[Span]:
        if last <= first or self.is_never_open:
            return
        if self.is_always_open:
            yield first, last
            return
        for number in range(first // WEEK, last // WEEK + 1):
            week = _week(self, number)
            for opens, closes in zip(week.opens, week.closes, strict=True):
                if opens < last and closes > first:
                    yield max(opens, first), min(closes, last)


class _Week(NamedTuple):
    """The open windows of one UTC week, with a running sum that makes counting a bisection."""

    opens: tuple[int, ...]
    closes: tuple[int, ...]
    sums: tuple[int, ...]  # open seconds before each window, and after the last
    total: int

    def counted_by(self, second: int) -> int:
        index = bisect_right(self.opens, second) - 1
        if index < 0:
            return 0
        return self.sums[index] + min(second, self.closes[index]) - self.opens[index]

    def instant_of(self, counted: int) -> int:
        index = bisect_left(self.sums, counted)
        return self.closes[index - 1] - (self.sums[index] - counted)


# Weeks are shared by equal calendars and small (about 1 KB), so that a warm process bisects.
@lru_cache(maxsize=16_384)
def _week(hours: WorkingHours, number: int) -> _Week:
    spans: list[Span] = []
    for start, end, offset in _constant_offsets(hours.zone, number):
        for day in range((start + offset) // DAY, (end + offset - 1) // DAY + 1):
            midnight = day * DAY - offset
            spans += [
                (max(midnight + opens, start), min(midnight + closes, end))
                for opens, closes in hours.spans_on(day)
                if midnight + opens < end and midnight + closes > start
            ]
    windows = merged(spans)
    sums = tuple(accumulate((end - start for start, end in windows), initial=0))
    return _Week(tuple(s for s, _ in windows), tuple(e for _, e in windows), sums, sums[-1])


@lru_cache(maxsize=16_384)
def _constant_offsets(zone: ZoneInfo, number: int) -> tuple[tuple[int, int, int], ...]:
    """Split a UTC week where the offset of `zone` changes: (from, to, seconds east of UTC).

    Probing each half week finds every change: since 1970 no zone has had two within 164 hours.
    """
    begin = number * WEEK
    middle, finish = begin + WEEK // 2, begin + WEEK
    cuts = [begin, *_changes(zone, begin, middle), *_changes(zone, middle, finish), finish]
    return tuple(
        (start, end, _offset(zone, start)) for start, end in pairwise(cuts) if start < end
    )


def _changes(zone: ZoneInfo, low: int, high: int) -> list[int]:
    """Return the second of (`low`, `high`] from which the new offset holds, if there is one."""
    before = _offset(zone, low)
    if _offset(zone, high) == before:
        return []
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
    return [high]


def _offset(zone: ZoneInfo, second: int) -> int:
    offset = datetime.fromtimestamp(second, zone).utcoffset()
    return offset.days * DAY + offset.seconds if offset is not None else 0
