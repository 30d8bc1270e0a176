"""What differs between two versions of a calendar, to be read by people. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sla.calendar_text import LIKE_HOURS, days_text, spans_text
from sla.calendars import WEEKDAYS

Definition = Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """One thing that is not as before: `tz`, a weekday or a date. "" is absent, or closed."""

    what: str
    before: str
    after: str


def differences(before: Definition, after: Definition) -> list[Difference]:
    """Return what differs: the zone, then weekdays, then dates in order."""
    return list(_differences(before, after))


def _differences(before: Definition, after: Definition) -> Iterator[Difference]:
    pairs = [("tz", before.get("tz", ""), after.get("tz", ""))]
    pairs += [(day, _week(before, day), _week(after, day)) for day in WEEKDAYS]
    former, present = _days(before), _days(after)
    pairs += [(on, former.get(on, ""), present.get(on, "")) for on in sorted({*former, *present})]
    for what, was, is_now in pairs:
        if was != is_now:
            yield Difference(what, was, is_now)


def _week(definition: Definition, day: str) -> str:
    return spans_text(definition.get("weekly", {}).get(day, []))


def _days(definition: Definition) -> dict[str, str]:
    """Return each special date with what is said of it, as a person writes it."""
    by_date: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for holiday in definition.get("holidays", []):
        by_date[holiday["date"]].append(holiday)
    return {on: _said(on, holidays) for on, holidays in by_date.items()}


def _said(on: str, holidays: Iterable[Mapping[str, Any]]) -> str:
    lines = [line.removeprefix(on).strip() for line in days_text(holidays).splitlines()]
    return "; ".join(
        line if LIKE_HOURS.match(line) else f"closed {line}".strip() for line in lines
    )
