"""Reading working hours from their JSON form, with errors that say where. Pure; no models.

The form is `{"tz": "Europe/Berlin", "weekly": {"mon": [["09:00", "17:00"]]}, "holidays": []}`.
A holiday is `{"date": "2026-12-25"}`, closed all day; with `"closed": [["13:00", "24:00"]]` it is
closed then, with `"open": [["10:00", "14:00"]]` open only then, even if the date is also listed as
closed (a desk that works on a public holiday). It may carry a `"name"`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from nova.hours import DAY, Span, Spans, SpecialDay, WorkingHours, merged

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MAX_SPANS_A_DAY = 48
MAX_HOLIDAYS = 5_000
CLOCK_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?")


class Malformed(ValueError):
    """Input that cannot be read. `errors` maps a place (`weekly.mon[0][1]`) to what is wrong."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__("; ".join(f"{where}: {what}" for where, what in errors.items()))


@dataclass
class Findings:
    """The complaints of one reading: it goes on after the first, so that a form shows them all."""

    errors: dict[str, str] = field(default_factory=dict)

    def add(self, where: str, what: str) -> None:
        """Keep `what` for `where`, unless that place or what holds it is already known wrong."""
        if not any(where.startswith((f"{known}.", f"{known}[")) for known in self.errors):
            self.errors.setdefault(where, what)

    def mapping(self, value: object, where: str) -> dict[str, Any]:
        """Return `value` if it is an object, else complain and return an empty one."""
        if isinstance(value, dict):
            return value
        self.add(where, "must be an object.")
        return {}

    def items(self, value: object, where: str, most: int) -> list[Any]:
        """Return `value` if it is a list of at most `most`, else complain and return none."""
        if isinstance(value, list) and len(value) <= most:
            return value
        self.add(where, f"must be a list of at most {most}.")
        return []

    def unknown_keys(self, value: Mapping[str, object], known: set[str], where: str) -> None:
        """Complain about each key that has no meaning here: a typo must not pass in silence."""
        for key in value.keys() - known:
            self.add(f"{where}.{key}" if where else str(key), "is not a known key.")

    def settle(self) -> None:
        """Raise `Malformed` if anything was wrong."""
        if self.errors:
            raise Malformed(self.errors)


def hours_from_json(value: object) -> WorkingHours:
    """Read working hours. Raises `Malformed` with every error and where it stands."""
    findings = Findings()
    findings.mapping(value, "calendar")
    findings.settle()
    hours = read_hours(value, "", findings)
    findings.settle()
    return hours


def read_hours(value: object, where: str, findings: Findings) -> WorkingHours:
    """Read hours that stand at `where` in a larger document; what is wrong reads as closed."""
    within = f"{where}." if where else ""
    form = findings.mapping(value, where)
    findings.unknown_keys(form, {"name", "tz", "weekly", "holidays"}, where)
    zone = _zone(form.get("tz"), f"{within}tz", findings)
    weekly = _weekly(form.get("weekly", {}), f"{within}weekly", findings)
    special = _special_days(form.get("holidays", []), weekly, f"{within}holidays", findings)
    return WorkingHours(zone, weekly, special)


def _zone(value: object, where: str, findings: Findings) -> ZoneInfo:
    try:
        return ZoneInfo(cast(str, value))
    except (ZoneInfoNotFoundError, TypeError, ValueError, OSError):  # OSError: "Europe", a folder
        findings.add(where, f"{value!r} is not an IANA time zone such as Europe/Berlin.")
        return ZoneInfo("UTC")


def _weekly(value: object, where: str, findings: Findings) -> tuple[Spans, ...]:
    form = findings.mapping(value, where)
    findings.unknown_keys(form, set(WEEKDAYS), where)
    return tuple(_spans(form.get(day, []), f"{where}.{day}", findings) for day in WEEKDAYS)


def _spans(value: object, where: str, findings: Findings) -> Spans:
    items = findings.items(value, where, MAX_SPANS_A_DAY)
    read = [_span(item, f"{where}[{index}]", findings) for index, item in enumerate(items)]
    return merged([span for span in read if span is not None])


def _span(value: object, where: str, findings: Findings) -> Span | None:
    match value:
        case [first, last]:
            opens = _seconds_of_day(first, f"{where}[0]", findings)
            closes = DAY if last == "24:00" else _seconds_of_day(last, f"{where}[1]", findings)
        case _:
            findings.add(where, 'must be a pair such as ["09:00", "17:00"].')
            return None
    if opens is None or closes is None:
        return None
    if closes <= opens:
        what = "must be later than the opening; split hours that run past midnight at 24:00."
        findings.add(f"{where}[1]", what)
        return None
    return opens, closes


def _seconds_of_day(value: object, where: str, findings: Findings) -> int | None:
    match = CLOCK_TIME.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        findings.add(where, f"{value!r} is not a time such as 09:00 (24:00 only to close).")
        return None
    hour, minute, second = (int(part or 0) for part in match.groups())
    return hour * 3600 + minute * 60 + second


def _special_days(
    value: object, weekly: tuple[Spans, ...], where: str, findings: Findings
) -> tuple[SpecialDay, ...]:
    """Read the days that leave the week; what several entries say of one date is combined."""
    by_date: dict[date, list[_Holiday]] = {}
    for index, item in enumerate(findings.items(value, where, MAX_HOLIDAYS)):
        holiday = _Holiday.read(item, f"{where}[{index}]", findings)
        if holiday is not None:
            by_date.setdefault(holiday.on, []).append(holiday)
    return tuple(
        SpecialDay(on, _spans_of(holidays, weekly[on.weekday()]), _name_of(holidays))
        for on, holidays in sorted(by_date.items())
    )


@dataclass(frozen=True)
class _Holiday:
    """One entry of the list; what it does not mention is None, and neither closes the day."""

    on: date
    name: str
    closed: Spans | None
    opened: Spans | None

    @classmethod
    def read(cls, value: object, where: str, findings: Findings) -> "_Holiday | None":
        form = findings.mapping(value, where)
        findings.unknown_keys(form, {"date", "name", "closed", "open"}, where)
        on = _date(form.get("date"), f"{where}.date", findings)
        closed, opened = (
            _spans(form[key], f"{where}.{key}", findings) if key in form else None
            for key in ("closed", "open")
        )
        return cls(on, str(form.get("name", "")), closed, opened) if on else None


def _spans_of(holidays: list[_Holiday], usual: Spans) -> Spans:
    """Return the open spans of a date: opening it on purpose outweighs closing it all day."""
    opened = [holiday.opened for holiday in holidays if holiday.opened is not None]
    closed = [span for holiday in holidays for span in holiday.closed or ()]
    is_closed = any(holiday.closed is None and holiday.opened is None for holiday in holidays)
    if opened:
        usual = merged([span for spans in opened for span in spans])
    elif is_closed:
        usual = ()
    return _without(usual, merged(closed))


def _name_of(holidays: list[_Holiday]) -> str:
    return next((holiday.name for holiday in reversed(holidays) if holiday.name), "")


def _date(value: object, where: str, findings: Findings) -> date | None:
    try:
        return date.fromisoformat(cast(str, value))
    except (TypeError, ValueError):
        findings.add(where, f"{value!r} is not a date such as 2026-12-25.")
        return None


def _without(spans: Spans, closed: Spans) -> Spans:
    """Return what of `spans` is left when `closed` is cut out; both in order and disjoint."""
    return tuple(piece for span in spans for piece in _left_of(span, closed))


def _left_of(span: Span, closed: Spans) -> Iterator[Span]:
    start, end = span
    for shut, reopen in closed:
        if shut > start:
            yield start, min(shut, end)
        start = max(start, reopen)
        if start >= end:
            return
    yield start, end
