"""When an event of an iCalendar file comes again (RFC 5545, 3.8.5), within bounds. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from itertools import islice
from typing import Any

from dateutil.rrule import rrulestr

# How many days lie between two candidates of a rule, which bounds what it costs to expand it.
STEP_DAYS = {"YEARLY": 365, "MONTHLY": 28, "WEEKLY": 7, "DAILY": 1}
MOST_STEPS = 20_000
WITHIN_A_DAY = {"BYHOUR", "BYMINUTE", "BYSECOND"}
UNREADABLE = (ValueError, TypeError, OverflowError, AttributeError, KeyError, IndexError)


class CannotRepeat(ValueError):
    """A rule that is refused; the message says why."""


@dataclass
class Budget:
    """How many candidates may still be looked at, over all rules of a file."""

    steps: int = MOST_STEPS

    def spend(self, steps: int) -> None:
        self.steps -= steps
        if self.steps < 0:
            raise CannotRepeat("this and the events before it repeat too often.")


def occurrences(
    start: datetime, rule: Mapping[str, Any], last: date, budget: Budget, zone: tzinfo | None
) -> Iterator[datetime]:
    """Yield the wall times at which an event begins by its rule, up to and with `last`.

    `start` is on the wall clock of `zone`, where rules count. Raises `CannotRepeat`.
    """
    parts = {str(name).upper(): values for name, values in rule.items()}
    until = min(datetime.combine(last, time.max), _stated_end(parts.pop("UNTIL", None), zone))
    count = _number(parts.pop("COUNT", None))
    if _number(parts.get("INTERVAL", 1)) == 0:
        raise CannotRepeat("it repeats every 0 times.")
    budget.spend(_steps(parts, start, until))
    parts["UNTIL"] = f"{until:%Y%m%dT%H%M%S}"
    text = ";".join(f"{name}={_text(values)}" for name, values in parts.items())
    try:
        found = rrulestr(text, dtstart=start)
    except UNREADABLE as error:
        raise CannotRepeat(f"the rule {text} cannot be read: {error}.") from error
    yield from islice(found, count)


def _steps(parts: Mapping[str, Any], start: datetime, until: datetime) -> int:
    frequency = _text(parts.get("FREQ", "")).upper()
    if frequency not in STEP_DAYS or WITHIN_A_DAY & parts.keys():
        raise CannotRepeat("what repeats more often than daily is no holiday.")
    return max(0, (until - start).days) // STEP_DAYS[frequency] + 1


def _stated_end(stated: Any, zone: tzinfo | None) -> datetime:
    """Return the end that a rule states, on the wall clock of its event."""
    until = stated[0] if isinstance(stated, list) else stated
    if until is None:
        return datetime.combine(date.max, time.max)
    if not isinstance(until, datetime):
        return datetime.combine(until, time.max)
    return until.astimezone(zone).replace(tzinfo=None) if zone and until.tzinfo else _bare(until)


def _bare(until: datetime) -> datetime:
    """Return an end of whole days: what states a time means the day."""
    return datetime.combine(until.date(), time.max)


def _number(values: Any) -> int | None:
    value = values[0] if isinstance(values, list) else values
    return None if value is None else max(0, int(value))


def _text(values: Any) -> str:
    listed = values if isinstance(values, list) else [values]
    return ",".join(str(value) for value in listed)
