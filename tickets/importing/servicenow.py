"""What the columns of ServiceNow's incident event log mean in Nova."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from tickets.choices import Level, Source, Status
from tickets.importing.rows import Problem, Row

SYSTEM = "servicenow"
REQUIRED = ("number", "incident_state", "opened_at", "sys_updated_at")
# Columns that Nova reads and that an event should have. Where another is empty, that is no
# problem: nobody was assigned yet, there was no vendor.
EXPECTED = (
    "incident_state",
    "caller_id",
    "opened_by",
    "opened_at",
    "sys_updated_by",
    "sys_updated_at",
    "contact_type",
    "location",
    "category",
    "subcategory",
    "impact",
    "urgency",
    "priority",
    "closed_code",
    "resolved_by",
    "resolved_at",
    "closed_at",
)
# What was known when a ticket came in: our name of the fact, and its column.
INTAKE = {
    "requester": "caller_id",
    "submitted_by": "opened_by",
    "location": "location",
    "category": "category",
    "subcategory": "subcategory",
    "symptom": "u_symptom",
    "item": "cmdb_ci",
    "priority": "priority",
    "impact": "impact",
    "urgency": "urgency",
    "source": "contact_type",
}


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of Nova's lifecycle, and for an awaiting one what it waits for."""

    status: Status
    reason: str = ""


STATES = {
    "New": Stage(Status.NEW),
    "Active": Stage(Status.IN_PROGRESS),
    "In Progress": Stage(Status.IN_PROGRESS),
    "Awaiting User Info": Stage(Status.AWAITING_CUSTOMER, "User info"),
    "Awaiting Caller": Stage(Status.AWAITING_CUSTOMER, "Caller"),
    "Awaiting Problem": Stage(Status.AWAITING_DEPENDENCY, "Problem"),
    "Awaiting Change": Stage(Status.AWAITING_DEPENDENCY, "Change"),
    "Awaiting Vendor": Stage(Status.AWAITING_DEPENDENCY, "Vendor"),
    "Awaiting Evidence": Stage(Status.AWAITING_DEPENDENCY, "Evidence"),
    "On Hold": Stage(Status.AWAITING_DEPENDENCY, "On hold"),
    "Resolved": Stage(Status.RESOLVED),
    "Closed": Stage(Status.CLOSED),
    "Canceled": Stage(Status.CLOSED),
}
# A call is written down by the desk, in its own pages.
SOURCES = {
    "phone": Source.PORTAL,
    "walk-in": Source.PORTAL,
    "self-service": Source.PORTAL,
    "email": Source.EMAIL,
    "monitoring": Source.MONITOR,
    "event": Source.MONITOR,
}
LEVELS = {"1": Level.HIGH, "2": Level.MEDIUM, "3": Level.LOW}
# The column that says more about what is awaited.
AWAITED = {"Problem": "problem_id", "Change": "rfc", "Vendor": "vendor"}

DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}) (\d{1,2}):(\d{2})(?::(\d{2}))?")
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})[ T](\d{1,2}):(\d{2})(?::(\d{2}))?Z?")
EARLIEST_YEAR = 1990


@lru_cache(maxsize=1 << 16)
def instant(text: str) -> datetime | None:
    """Return a date and time of the log, day first and in UTC; None when it is not one."""
    if found := DAY_FIRST.fullmatch(text):
        day, month, year = (int(part) for part in found.groups()[:3])
    elif found := ISO.fullmatch(text):
        year, month, day = (int(part) for part in found.groups()[:3])
    else:
        return None
    hour, minute, second = (int(part or 0) for part in found.groups()[3:])
    if year < EARLIEST_YEAR:
        return None
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None


def epoch(text: str) -> int | None:
    """Return a date and time of the log in seconds since 1970; None when it is not one."""
    at = instant(text)
    return None if at is None else int(at.timestamp())


def incidents(items: Iterable[Row | Problem]) -> dict[str, list[Row]]:
    """Return the rows of each incident, in the order of the log. Unreadable ones are left out."""
    rows: dict[str, list[Row]] = {}
    for item in items:
        if isinstance(item, Row) and item.get("number") and instant(item.get("opened_at")):
            rows.setdefault(item.get("number"), []).append(item)
    return rows


def level(text: str) -> Level | None:
    """Return the level that a text such as "2 - Medium" begins with."""
    return LEVELS.get(text[:1])


def priority(text: str) -> int | None:
    """Return the priority that a text such as "3 - Moderate" begins with."""
    return int(text[0]) if text[:1] in {"1", "2", "3", "4", "5"} else None


def source(text: str) -> Source | None:
    """Return what stands in Nova for a contact type."""
    return SOURCES.get(text.lower())
