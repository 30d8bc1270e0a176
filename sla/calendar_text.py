"""Working hours as people write them in a form: spans in a line, days one to a line. Pure.

A line of a day is `2026-12-25 Christmas Day`, closed; `2026-12-24 closed 13:00-24:00 Half day`;
`2026-12-27 open 10:00-14:00 Sale`; or `2026-01-06 usual`, as if it were no holiday.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sla.calendars import WEEKDAYS, Findings

CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?"
ONE_SPAN = rf"{CLOCK}\s*[-\u2013]\s*{CLOCK}"
SPAN = re.compile(rf"^({CLOCK})\s*[-\u2013]\s*({CLOCK})$")
DAY = re.compile(
    r"^(\d{4}-\d{2}-\d{2})"
    rf"(?:\s+(?:(usual)|(open|closed)\s+({ONE_SPAN}(?:\s*,\s*{ONE_SPAN})*))(?!\S))?"
    r"(?:\s+(.*))?$"
)
# What begins so is no name: somebody meant hours, and they cannot be read.
MEANT_HOURS = re.compile(r"(open|closed)\s+[\d:,]")
LIKE_HOURS = re.compile(r"(open|closed|usual)(?!\S)")
ALL_DAY = "closed 00:00-24:00"


def spans_text(spans: Iterable[Iterable[str]]) -> str:
    """Return spans as a person writes them: "09:00-12:00, 13:00-17:00"."""
    return ", ".join("-".join(span) for span in spans)


def days_text(holidays: Iterable[Mapping[str, Any]]) -> str:
    """Return special days one to a line, in order: "2026-12-24 closed 13:00-24:00 Half day"."""
    return "\n".join(sorted(line for holiday in holidays for line in _day_lines(holiday)))


def definition_of(zone: str, weekly: Mapping[str, str], days: str) -> dict[str, Any]:
    """Return the JSON form of a calendar from what was written.

    What cannot be read raises `Malformed`, with the weekday or the number of the line.
    """
    findings = Findings()
    written = {day: _spans(weekly.get(day, ""), day, findings) for day in WEEKDAYS}
    lines = [(n, line.strip()) for n, line in enumerate(days.splitlines(), start=1)]
    special = [_day(line, f"line {number}", findings) for number, line in lines if line]
    findings.settle()
    return {
        "tz": zone,
        "weekly": {day: spans for day, spans in written.items() if spans},
        "holidays": special,
    }


def _spans(text: str, where: str, findings: Findings) -> list[list[str]]:
    spans = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        match = SPAN.match(part)
        if match:
            spans.append([_padded(match[1]), _padded(match[2])])
        else:
            findings.add(where, f"{part!r} is not a span such as 09:00-17:00.")
    return spans


def _padded(clock: str) -> str:
    """Return a time with two digits for the hour."""
    return clock if clock[2] == ":" else f"0{clock}"


def _day(line: str, where: str, findings: Findings) -> dict[str, Any]:
    match = DAY.match(line)
    if match is None:
        findings.add(where, f"{line!r} does not begin with a date such as 2026-12-25.")
        return {}
    on, usual, how, spans, name = match.groups()
    if not (usual or how) and MEANT_HOURS.match(name or ""):
        findings.add(where, f"{name!r} does not say hours such as closed 13:00-24:00.")
    day: dict[str, Any] = {"date": on}
    if usual:
        day["closed"] = []
    elif how:
        day[how] = _spans(spans, where, findings)
    return {**day, "name": name.strip()} if name else day


def _day_lines(holiday: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of one entry: two where it says both when to open and when to close."""
    name = " ".join(str(holiday.get("name", "")).split())
    how = [_how(key, holiday[key]) for key in ("open", "closed") if key in holiday]
    plain = ALL_DAY if LIKE_HOURS.match(name) else ""
    for words in how or [plain]:
        yield " ".join(filter(None, [holiday["date"], words, name]))


def _how(key: str, spans: list[list[str]]) -> str:
    """Return how a day differs. Closed at no time is as usual; open at no time, closed."""
    if spans:
        return f"{key} {spans_text(spans)}"
    return "usual" if key == "closed" else ""
