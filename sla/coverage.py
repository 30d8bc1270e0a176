"""Whether a calendar knows the holidays of the years to come. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

# A year with as many days closed is taken to know its holidays; one with fewer than half of them
# is taken to miss some. No country has fewer, and some days of one's own are no holidays yet.
FEWEST = 4


def missing_year(days: Iterable[Mapping[str, Any]], today: date) -> int | None:
    """Return the present or the next year if its holidays are missing, though the former has its.

    `days` are the special days of a definition (`sla.calendars`).
    """
    closed = {day["date"] for day in days if "open" not in day and "closed" not in day}
    known = Counter(int(on[:4]) for on in closed)
    years = (today.year, today.year + 1)
    return next((year for year in years if is_short(known[year - 1], known[year])), None)


def is_short(before: int, present: int) -> bool:
    """Say whether a year with `present` days closed misses holidays after one with `before`."""
    return before >= FEWEST and present * 2 < before
