"""Working hours as people write them in a form: spans in a line, days one to a line. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sla.calendars import WEEKDAYS, Findings

SPAN = re.compile(r"^(\d{1,2}:\d{2})\s*[-\u2013]\s*(\d{1,2}:\d{2})$")
DAY = re.compile(r"^(\d{4}-\d{2}-\d{2})(?:\s+(open|closed)\s+([\d:,\s\-\u2013]+\d))?(?:\s+(.*))?$")


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
            spans.append([match[1].zfill(5), match[2].zfill(5)])
        else:
            findings.add(where, f"{part!r} is not a span such as 09:00-17:00.")
    return spans


def _day(line: str, where: str, findings: Findings) -> dict[str, Any]:
    match = DAY.match(line)
    if match is None:
        findings.add(where, f"{line!r} does not begin with a date such as 2026-12-25.")
        return {}
    on, how, spans, name = match.groups()
    day: dict[str, Any] = {"date": on}
    if how:
        day[how] = _spans(spans, where, findings)
    return {**day, "name": name.strip()} if name else day


def _day_lines(holiday: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of one entry: two where it says both when to open and when to close."""
    name = holiday.get("name", "")
    how = [f"{key} {spans_text(holiday[key])}" for key in ("open", "closed") if key in holiday]
    for words in how or [""]:
        yield " ".join(filter(None, [holiday["date"], words, name]))
