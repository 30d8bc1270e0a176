"""Tell the story of an incident from its rows. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from tickets import rules
from tickets.choices import Level, Source, Status
from tickets.importing import servicenow as log
from tickets.importing.entries import LONGEST_NAME, WORKERS, Entry, Reading
from tickets.importing.rows import Problem, Row, refused
from tickets.importing.story import Changed, Changes, Moved, Story, Told, Visit

DONE = (Status.RESOLVED, Status.CLOSED)
LONGEST_TITLE = 250


def tell(ref: str, rows: Sequence[Row], reading: Reading) -> Told:
    """Return what happened to the incident `ref`, from its rows in any order."""
    entries, problems = _entries(rows, reading)
    if not entries:
        return Told(None, problems)
    problems += _late(entries)
    ordered = sorted(entries, key=lambda entry: (entry.at, entry.order, entry.row.line))
    telling = _Telling(ref, ordered, problems)
    for entry in ordered:
        telling.take(entry)
    return Told(telling.end(ordered), problems)


def way(before: Status, after: Status, *, reopened: bool) -> list[Status]:
    """Return the stages that lead from one to another, as Nova's lifecycle has them.

    What was done is reopened before it is worked on, and resolved before it is closed.
    """
    steps: list[Status] = []
    if before in DONE and (reopened or after not in DONE):
        steps.append(Status.REOPENED)
    if after == Status.CLOSED and (steps or before not in DONE):
        steps.append(Status.RESOLVED)
    here = steps[-1] if steps else before
    if after != here and not (after == Status.NEW and here == Status.REOPENED):
        steps.append(after)
    return steps


class _Telling:
    """A story while it is told, row by row."""

    def __init__(self, ref: str, entries: list[Entry], problems: list[Problem]) -> None:
        first = entries[0]
        opened_at = _first(entry.opened_at for entry in entries) or first.at
        self.problems = problems
        self.reopen_count = first.reopen_count or 0
        self.story = Story(
            ref=ref,
            opened_at=opened_at,
            opened_by=(_first(e.row.get("opened_by") for e in entries) or "")[:LONGEST_NAME],
            title="",
            description="",
            source=_source(entries, problems),
            values={},
            rows=[entry.row for entry in entries],
            visits=[Visit(Status.NEW, opened_at)],
        )

    def take(self, entry: Entry) -> None:
        at = max(entry.at, self.story.opened_at)
        if at > entry.at:
            self._note(entry, "sys_updated_at", "is before opened_at", "put at opened_at")
        self._change(entry, at)
        if entry.stage:
            self._walk(entry, entry.stage, at)
        self.reopen_count = max(self.reopen_count, entry.reopen_count or 0)
        self.story.updated_at = at

    def end(self, entries: list[Entry]) -> Story:
        """Return the story with what only its end tells."""
        story, last = self.story, entries[-1]
        story.reopen_count = max(story.reopen_count, self.reopen_count)
        story.title = _title(story.ref, last.row)
        story.description = f"ServiceNow {story.ref}\n\n{last.row.get('description')}".strip()
        for key, default in (("impact", Level.MEDIUM), ("urgency", Level.MEDIUM)):
            story.values.setdefault(key, default)
        impact, urgency = str(story.values["impact"]), str(story.values["urgency"])
        story.values.setdefault("priority", rules.priority_of(impact, urgency))
        if story.status in DONE:
            story.resolution_code = last.row.get("closed_code")[:60]
            story.resolution = last.row.get("close_notes")
            self._credit(last.row.get("resolved_by")[:LONGEST_NAME])
            self._compare(last, "resolved_at", story.resolved_at)
            self._compare(last, "closed_at", story.closed_at)
        return story

    def _change(self, entry: Entry, at: datetime) -> None:
        is_first = self.story.updated_at is None
        said: Changes = {}
        given: Changes = {}
        for key, value in entry.values.items():
            before = self.story.values.get(key, "")
            if before != value:
                (given if key in WORKERS else said)[key] = (before, value)
                self.story.values[key] = value
        if said and not is_first:
            self.story.facts.append(Changed(at, entry.by, entry.row, said, is_assignment=False))
        if given:
            self.story.facts.append(Changed(at, entry.by, entry.row, given, is_assignment=True))

    def _walk(self, entry: Entry, stage: log.Stage, at: datetime) -> None:
        story = self.story
        reopened = entry.reopen_count is not None and entry.reopen_count > self.reopen_count
        if stage.status == Status.NEW and story.status in DONE and not reopened:
            wrong = "comes after the end without a reopening"
            self._note(entry, "incident_state", wrong, f"{story.status.label} stays")
            return
        steps = way(story.status, stage.status, reopened=reopened)
        for step in steps:
            self._enter(step, stage.reason if step == stage.status else "", entry, at)
        if not steps and story.awaiting_reason != stage.reason:
            changes: Changes = {"awaiting_reason": (story.awaiting_reason, stage.reason)}
            story.facts.append(Changed(at, entry.by, entry.row, changes, is_assignment=False))
            story.awaiting_reason = stage.reason

    def _enter(self, status: Status, reason: str, entry: Entry, at: datetime) -> None:
        story = self.story
        is_response = story.responded_at is None and rules.is_first_response(status)
        move = Moved(at, entry.by, entry.row, story.status, status, reason, is_response)
        story.facts.append(move)
        story.visits[-1].left_at = at
        story.visits.append(Visit(status, at))
        story.status, story.awaiting_reason = status, reason
        story.responded_at = at if is_response else story.responded_at
        story.resolved_at = (story.resolved_at or at) if status in DONE else None
        story.closed_at = at if status == Status.CLOSED else None
        story.reopen_count += status == Status.REOPENED

    def _credit(self, name: str) -> None:
        """Let the last resolution be the work of whom the log names for it."""
        for place in reversed(range(len(self.story.facts))):
            fact = self.story.facts[place]
            if isinstance(fact, Moved) and fact.after == Status.RESOLVED:
                self.story.facts[place] = replace(fact, by=name or fact.by)
                return

    def _compare(self, entry: Entry, column: str, told: datetime | None) -> None:
        text = entry.row.get(column)
        at = log.instant(text)
        if text and at is None:
            self._note(entry, column, "is not a day-first date", "the event says when")
        elif at and told and at != told:
            done = f"that of the event stands, {told:%d/%m/%Y %H:%M}"
            self._note(entry, column, "is another time than its event's", done)

    def _note(self, entry: Entry, column: str, problem: str, done: str) -> None:
        value = entry.row.values.get(column, "?")
        self.problems.append(Problem(entry.row.line, self.story.ref, column, value, problem, done))


def _entries(rows: Sequence[Row], reading: Reading) -> tuple[list[Entry], list[Problem]]:
    entries: list[Entry] = []
    problems: list[Problem] = []
    seen: dict[frozenset[tuple[str, str]], int] = {}
    for row in rows:
        first = seen.setdefault(frozenset(row.values.items()), row.line)
        if first != row.line:
            problems.append(refused(row, "repeats another line", f"line {first} stands"))
            continue
        entry, found = reading.entry(row)
        problems += found
        if entry:
            entries.append(entry)
    return entries, problems


def _late(entries: list[Entry]) -> list[Problem]:
    """Return a note for each row that the file has after a row of a later time."""
    problems = []
    latest = entries[0]
    for entry in entries[1:]:
        if entry.at < latest.at:
            value = entry.row.values["sys_updated_at"]
            ref, line = entry.row.get("number"), entry.row.line
            wrong, done = "comes after a later one", f"put before line {latest.row.line}"
            problems.append(Problem(line, ref, "sys_updated_at", value, wrong, done))
        else:
            latest = entry
    return problems


def _title(ref: str, row: Row) -> str:
    if given := row.get("short_description"):
        return given[:LONGEST_TITLE]
    about = [row.get("category"), row.get("subcategory"), row.get("u_symptom")]
    return " · ".join(filter(None, about))[:LONGEST_TITLE] or f"Incident {ref}"


def _source(entries: list[Entry], problems: list[Problem]) -> Source:
    row = _first(entry.row for entry in entries if entry.row.get("contact_type"))
    if row is None:
        return Source.API
    found = log.source(row.get("contact_type"))
    if found is None:
        value, ref = row.values["contact_type"], row.get("number")
        wrong, done = "is not a known way of contact", "API stands in"
        problems.append(Problem(row.line, ref, "contact_type", value, wrong, done))
    return found or Source.API


T = TypeVar("T")


def _first(values: Iterable[T | None]) -> T | None:
    return next((value for value in values if value), None)
