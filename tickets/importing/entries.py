"""Read a row of ServiceNow's log: each value, or what is wrong with it. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tickets.importing import servicenow as log
from tickets.importing.rows import Problem, Row, refused
from tickets.importing.story import Values

NAMES = {
    "requester": "caller_id",
    "category": "category",
    "subcategory": "subcategory",
    "location": "location",
}
WORKERS = {"assignee": "assigned_to", "team": "assignment_group"}
GRADES: dict[str, Callable[[str], "str | int | None"]] = {
    "impact": log.level,
    "urgency": log.level,
    "priority": log.priority,
}
# Where a column stays empty until the incident is over.
OVER = {"closed_code", "resolved_by", "resolved_at"}
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """A row that can be placed in time.

    `stage` is None where the state could not be read, `values` lacks what could not: both stay as
    they were. Nobody assigned is a value: "".
    """

    row: Row
    at: datetime
    stage: log.Stage | None
    values: Values
    by: str
    order: int
    opened_at: datetime | None
    reopen_count: int | None


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read rows of one file: the columns that it has, and the present."""

    columns: frozenset[str]
    now: datetime

    def entry(self, row: Row) -> tuple[Entry | None, list[Problem]]:
        """Return the row as an entry, or none when it has no place in time."""
        text = row.get("sys_updated_at")
        at = log.instant(text)
        if at is None or at > self.now:
            wrong = "lies in the future" if at else "is not a day-first date"
            return None, [refused(row, wrong if text else "is missing", column="sys_updated_at")]
        problems = self._missing(row)
        entry = Entry(
            row=row,
            at=at,
            stage=_stage(row, problems),
            values=self._values(row, problems),
            by=row.get("sys_updated_by")[:LONGEST_NAME],
            order=_count(row, "sys_mod_count", problems) or 0,
            opened_at=self._opened_at(row, problems),
            reopen_count=_count(row, "reopen_count", problems),
        )
        return entry, problems

    def _missing(self, row: Row) -> list[Problem]:
        is_over = row.get("incident_state") in {"Resolved", "Closed"}
        return [
            _problem(row, column, "is missing", STANDS_IN[column])
            for column in log.EXPECTED
            if column not in row.values
            and column in self.columns
            and (is_over or column not in OVER)
        ]

    def _values(self, row: Row, problems: list[Problem]) -> Values:
        values: Values = {}
        for key, column in NAMES.items():
            if text := row.get(column):
                values[key] = _short(row, column, text, problems)
        for key, column in WORKERS.items():
            if column in self.columns:
                values[key] = _short(row, column, row.get(column), problems)
        for key, read in GRADES.items():
            if (text := row.get(key)) and (value := read(text)) is not None:
                values[key] = value
            elif text:
                problems.append(_problem(row, key, "is not a level", STANDS_IN[key]))
        return values

    def _opened_at(self, row: Row, problems: list[Problem]) -> datetime | None:
        text = row.get("opened_at")
        at = log.instant(text)
        if text and (at is None or at > self.now):
            wrong = "lies in the future" if at else "is not a day-first date"
            problems.append(_problem(row, "opened_at", wrong, STANDS_IN["opened_at"]))
            return None
        return at


STANDS_IN = {
    "incident_state": "the stage stays as it was",
    "caller_id": "the requester before it stands, or “Unknown caller”",
    "opened_by": "another row's stands, or the requester",
    "opened_at": "another row's stands, or the first event",
    "sys_updated_by": "Nova stands for whoever it was",
    "contact_type": "another row's stands, or API",
    "location": "the location before it stands, or none",
    "category": "the category before it stands, or none",
    "subcategory": "the subcategory before it stands, or none",
    "impact": "the impact before it stands, or medium",
    "urgency": "the urgency before it stands, or medium",
    "priority": "the priority before it stands, or that of impact and urgency",
    "closed_code": "no resolution code",
    "resolved_by": "resolved by whoever updated it",
    "resolved_at": "the event that resolved it says when",
    "closed_at": "the event that closed it says when",
}


def _stage(row: Row, problems: list[Problem]) -> log.Stage | None:
    state = row.get("incident_state")
    stage = log.STATES.get(state)
    if state and stage is None:
        done = STANDS_IN["incident_state"]
        problems.append(_problem(row, "incident_state", "is not a state", done))
    if stage and stage.reason in log.AWAITED:
        detail = row.get(log.AWAITED[stage.reason])
        return log.Stage(
            stage.status, f"{stage.reason}: {detail}"[:250] if detail else stage.reason
        )
    return stage


def _count(row: Row, column: str, problems: list[Problem]) -> int | None:
    text = row.get(column)
    if text.isascii() and text.isdigit() and len(text) < 5:  # noqa: PLR2004 - as the column holds
        return int(text)
    if text:
        problems.append(_problem(row, column, "is not a count", "left out"))
    return None


def _short(row: Row, column: str, text: str, problems: list[Problem]) -> str:
    if len(text) > LONGEST_NAME:
        done = f"cut to {LONGEST_NAME} characters"
        problems.append(_problem(row, column, "is too long", done))
    return text[:LONGEST_NAME]


def _problem(row: Row, column: str, problem: str, done: str) -> Problem:
    value = row.values.get(column, "?")
    return Problem(row.line, row.get("number"), column, value, problem, done)
