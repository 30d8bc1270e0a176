"""A clock in words: the sum as a person would do it on paper. Pure.

The seconds of the lines that count add up to the elapsed time; those still to come add the rest.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from enum import IntEnum, StrEnum
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from nova.hours import SECOND, SpecialDay, WorkingHours
from sla.ledger import (
    Cycle,
    Entry,
    Kind,
    RecalculationMode,
    ReopenMode,
    State,
    SwitchMode,
    Terms,
    require_history,
    whole_second,
)
from sla.rules import Standing, standing
from sla.words import Say, Words, gettext_noop

Window = tuple[datetime, datetime]

MOST_WINDOWS = (
    8  # or holidays, of one stretch; a longer one shows its first and last and sums up the middle
)
SHOWN_FIRST, SHOWN_LAST = 3, 2


class LineKind(StrEnum):
    """What a line does to the sum."""

    EVENT = "event"
    COUNTED = "counted"
    FORECAST = "forecast"
    CLOSED = "closed"
    DUE = "due"
    RESULT = "result"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the sum; `seconds` is what it adds (0 unless counted or forecast)."""

    kind: LineKind
    at: datetime
    text: str
    seconds: int = 0


EVENT_FORMS = {
    Kind.STARTED: gettext_noop("%(at)s: started, target %(target)s"),
    Kind.PAUSED: gettext_noop("%(at)s: paused"),
    Kind.RESUMED: gettext_noop("%(at)s: resumed; the pause held %(open)s of open time"),
    Kind.RECALCULATED: gettext_noop("%(at)s: recalculated by corrected terms, target %(target)s"),
    Kind.STOPPED: gettext_noop("%(at)s: stopped"),
    Kind.BREACHED: gettext_noop("%(at)s: breached, as the terms stood then"),
    Kind.CANCELLED: gettext_noop("%(at)s: cancelled"),
}
SWITCH_FORMS = {
    SwitchMode.RETROACTIVE: gettext_noop(
        "%(at)s: policy switched to %(target)s, the time so far is kept"
    ),
    SwitchMode.RESTART: gettext_noop("%(at)s: policy switched to %(target)s, the count restarts"),
}
RECALCULATED_FORMS = {
    RecalculationMode.APPLIED: gettext_noop(
        "%(at)s: recalculated by %(by)s, target %(was)s → %(target)s (%(why)s)"
    ),
    RecalculationMode.UNDONE: gettext_noop(
        "%(at)s: recalculation undone by %(by)s, target %(was)s → %(target)s (%(why)s)"
    ),
}
HOURS_FORM = gettext_noop("%(at)s: working hours switched, the time so far is kept")
REOPEN_FORMS = {
    ReopenMode.CONTINUE: gettext_noop("%(at)s: reopened; the time in between does not count"),
    ReopenMode.NEW_CYCLE: gettext_noop("%(at)s: reopened in a new cycle, target %(target)s"),
    ReopenMode.AS_IF_NEVER_STOPPED: gettext_noop("%(at)s: reopened as if it had never stopped"),
}
WINDOW_FORMS = {
    LineKind.COUNTED: gettext_noop("%(window)s: %(seconds)s counted, %(sum)s in all"),
    LineKind.FORECAST: gettext_noop("%(window)s: %(seconds)s to come, %(sum)s in all"),
}
MIDDLE_FORMS = {
    LineKind.COUNTED: gettext_noop(
        "… %(window)s: %(count)s more windows, %(seconds)s counted, %(sum)s in all"
    ),
    LineKind.FORECAST: gettext_noop(
        "… %(window)s: %(count)s more windows, %(seconds)s to come, %(sum)s in all"
    ),
}
HOLIDAY_FORM = gettext_noop("%(day)s: closed%(name)s")
SPECIAL_DAY_FORM = gettext_noop("%(day)s: other hours%(name)s")
HOLIDAYS_FORM = gettext_noop("%(count)s days in what follows are closed or have other hours")
DUE_FORM = gettext_noop("%(at)s: due")
OVERDUE_FORM = gettext_noop("%(at)s: due, and breached from here on")
NOW_FORM = gettext_noop("%(at)s: now, %(elapsed)s of %(target)s used, %(left)s left")
OVER_FORM = gettext_noop("%(at)s: now, %(elapsed)s of %(target)s used, %(left)s over")
NEVER_FORM = gettext_noop("The calendar does not open for long enough: no due time")
PAUSED_FORM = gettext_noop("Paused at %(elapsed)s of %(target)s: no due time until it resumes")
PAUSED_BREACHED_FORM = gettext_noop("Paused at %(elapsed)s of %(target)s: breached, %(left)s over")
MET_FORM = gettext_noop("Met: %(elapsed)s of %(target)s used, %(left)s to spare")
BREACHED_FORM = gettext_noop("Breached: %(elapsed)s of %(target)s used, %(left)s over")
CANCELLED_FORM = gettext_noop("Cancelled after %(elapsed)s of %(target)s: no verdict")


class Note(NamedTuple):
    """By whom a clock was recalculated, and why."""

    by: str
    why: str


Notes = Mapping[datetime, Note]
NO_NOTES: Notes = {}


def explain(
    cycle: Cycle,
    as_of: datetime,
    zone: ZoneInfo | None = None,
    say: Say = str,
    notes: Notes = NO_NOTES,
) -> tuple[Line, ...]:
    """Tell how `cycle`, with its history, comes to what it says at `as_of`.

    `notes` are on its recalculations, by their instants. Written in `zone` (by default that of the
    cycle's calendar) and translated by `say`. Raises `HistoryMissing` for a snapshot.
    """
    require_history(cycle)
    now = whole_second(as_of)
    words = Words(zone or cycle.terms.hours.zone, cycle.started_at, say)
    sheet = _Sheet(cycle, standing(cycle, now), now, words, notes)
    drafts = [*_events(sheet), *_due(sheet), *_now(sheet), *_sums(sheet)]
    drafts.sort(key=lambda draft: (draft.at, draft.rank))
    return tuple(_written([*drafts, *_verdict(sheet)], sheet))


class _Rank(IntEnum):
    """The order of lines of one instant."""

    EVENT = 0
    DUE = 1
    NOW = 2
    SUM = 3


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What every part of the explanation reads."""

    cycle: Cycle
    standing: Standing
    now: datetime
    words: Words
    notes: Notes

    def values(self) -> dict[str, str]:
        """Return the words that any form may use."""
        return {
            "target": self.words.span(self.standing.target_seconds),
            "elapsed": self.words.span(self.standing.elapsed_seconds),
            "left": self.words.span(self.standing.remaining_seconds),
        }


@dataclass(frozen=True, slots=True)
class _Draft:
    """A line before the running sum is known."""

    at: datetime
    rank: _Rank
    kind: LineKind
    form: str
    values: Mapping[str, object] = field(default_factory=dict)
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A stretch of running, past or to come, with no event inside."""

    hours: WorkingHours
    start: datetime
    end: datetime
    kind: LineKind


def _written(drafts: Iterable[_Draft], sheet: _Sheet) -> Iterator[Line]:
    total = 0
    for draft in drafts:
        total += draft.seconds
        values = sheet.values() | {
            "at": sheet.words.moment(draft.at),
            "seconds": sheet.words.span(draft.seconds),
            "sum": sheet.words.span(total),
        }
        text = sheet.words.say(draft.form) % (values | dict(draft.values))
        yield Line(draft.kind, draft.at, text, draft.seconds)


def _events(sheet: _Sheet) -> Iterator[_Draft]:
    cycle = sheet.cycle
    terms, paused_at = cycle.terms, cycle.started_at  # a restart can begin paused
    for entry in cycle.entries:
        if entry.kind == Kind.BREACHED and entry.at == sheet.standing.breach_at:
            continue  # told where the count passes the due time
        note = sheet.notes.get(entry.at) if entry.kind == Kind.RECALCULATED else None
        form = _event_form(entry, terms, note)
        was, terms = terms, entry.terms or terms
        paused_at = entry.at if entry.kind == Kind.PAUSED else paused_at
        values = {
            **(note._asdict() if note else {}),
            "was": sheet.words.span(was.target_seconds),
            "target": sheet.words.span(terms.target_seconds),
            "open": sheet.words.span(terms.hours.open_seconds(paused_at, entry.at)),
        }
        yield _Draft(entry.at, _Rank.EVENT, LineKind.EVENT, form, values)


def _event_form(entry: Entry, before: Terms, note: Note | None) -> str:
    if note:
        return RECALCULATED_FORMS[RecalculationMode(entry.mode)]
    if entry.kind == Kind.POLICY_SWITCHED:
        mode = SwitchMode(entry.mode)
        is_same_target = entry.terms and entry.terms.target_seconds == before.target_seconds
        only_hours = is_same_target and mode == SwitchMode.RETROACTIVE
        return HOURS_FORM if only_hours else SWITCH_FORMS[mode]
    if entry.kind == Kind.REOPENED:
        return REOPEN_FORMS[ReopenMode(entry.mode)]
    return EVENT_FORMS[entry.kind]


def _due(sheet: _Sheet) -> Iterator[_Draft]:
    """Mark the due time where the count passes it; one that a stop made moot is left out."""
    due, is_running = sheet.standing.due_at, sheet.cycle.running_since is not None
    if due and (is_running or sheet.standing.is_breached):
        form = OVERDUE_FORM if sheet.standing.is_breached else DUE_FORM
        yield _Draft(due, _Rank.DUE, LineKind.DUE, form)


def _now(sheet: _Sheet) -> Iterator[_Draft]:
    if sheet.cycle.running_since:
        form = OVER_FORM if sheet.standing.remaining_seconds < 0 else NOW_FORM
        yield _Draft(sheet.now, _Rank.NOW, LineKind.RESULT, form)


def _sums(sheet: _Sheet) -> Iterator[_Draft]:
    told: set[date] = set()
    for stretch in _stretches(sheet):
        days = [day for day in _special_days(stretch) if day.on not in told]
        told |= {day.on for day in days}
        windows = list(stretch.hours.windows(stretch.start, stretch.end))
        is_long = len(windows) > MOST_WINDOWS
        latest = windows[SHOWN_FIRST][0] if is_long else stretch.end
        yield from _holidays(stretch, days, latest, sheet.words)
        yield from _windows(stretch, windows, sheet.words)


def _stretches(sheet: _Sheet) -> Iterator[_Stretch]:
    """Cut the runs at every event, at the due time and at now: no line straddles one."""
    due = sheet.standing.due_at
    cuts = {entry.at for entry in sheet.cycle.entries} | {sheet.now} | ({due} if due else set())
    for run in _runs(sheet):
        edges = [run.start, *sorted(cut for cut in cuts if run.start < cut < run.end), run.end]
        yield from (replace(run, start=start, end=end) for start, end in pairwise(edges))


def _runs(sheet: _Sheet) -> Iterator[_Stretch]:
    for run in sheet.cycle.runs:
        yield _Stretch(run.hours, run.began_at, run.ended_at, LineKind.COUNTED)
    since, due, hours = sheet.cycle.running_since, sheet.standing.due_at, sheet.cycle.terms.hours
    if since:
        yield _Stretch(hours, since, sheet.now, LineKind.COUNTED)
        if due and due > sheet.now:
            yield _Stretch(hours, sheet.now, due, LineKind.FORECAST)


def _windows(stretch: _Stretch, windows: Sequence[Window], words: Words) -> Iterator[_Draft]:
    shown = windows if len(windows) <= MOST_WINDOWS else windows[:SHOWN_FIRST]
    yield from (_window(stretch, window, words) for window in shown)
    if len(windows) > MOST_WINDOWS:
        yield _middle(stretch, windows[SHOWN_FIRST:-SHOWN_LAST], words)
        yield from (_window(stretch, window, words) for window in windows[-SHOWN_LAST:])


def _window(stretch: _Stretch, window: Window, words: Words) -> _Draft:
    start, end = window
    values = {"window": words.window(start, end)}
    form, seconds = WINDOW_FORMS[stretch.kind], (end - start) // SECOND
    return _Draft(start, _Rank.SUM, stretch.kind, form, values, seconds)


def _middle(stretch: _Stretch, windows: Sequence[Window], words: Words) -> _Draft:
    start, end = windows[0][0], windows[-1][1]
    values = {"window": words.window(start, end), "count": len(windows)}
    seconds = sum((closes - opens) // SECOND for opens, closes in windows)
    return _Draft(start, _Rank.SUM, stretch.kind, MIDDLE_FORMS[stretch.kind], values, seconds)


def _special_days(stretch: _Stretch) -> list[SpecialDay]:
    zone, weekly = stretch.hours.zone, stretch.hours.weekly
    first, last = (at.astimezone(zone).date() for at in (stretch.start, stretch.end - SECOND))
    days = [day for day in stretch.hours.special_days if first <= day.on <= last]
    return [day for day in days if day.spans != weekly[day.on.weekday()]]


def _holidays(
    stretch: _Stretch, days: Sequence[SpecialDay], latest: datetime, words: Words
) -> Iterator[_Draft]:
    """Name the holidays of a stretch: they are why its sum is smaller than the week promises.

    Each stands at its date, but no later than `latest`, from where windows are summed up.
    """
    if len(days) > MOST_WINDOWS:
        values: dict[str, object] = {"count": len(days)}
        yield _Draft(stretch.start, _Rank.SUM, LineKind.CLOSED, HOLIDAYS_FORM, values)
        return
    for day in days:
        form = SPECIAL_DAY_FORM if day.spans else HOLIDAY_FORM
        midnight = datetime.combine(day.on, time(), stretch.hours.zone).astimezone(UTC)
        values = {"day": words.day(day.on), "name": f" ({day.name})" if day.name else ""}
        at = min(max(stretch.start, midnight), latest)
        yield _Draft(at, _Rank.SUM, LineKind.CLOSED, form, values)


def _verdict(sheet: _Sheet) -> Iterator[_Draft]:
    """Say how it ended, or why there is no due time; a cycle that runs has said it at now."""
    form = _verdict_form(sheet)
    if form:
        yield _Draft(sheet.now, _Rank.NOW, LineKind.RESULT, form)


def _verdict_form(sheet: _Sheet) -> str:
    state, is_breached = sheet.standing.state, sheet.standing.is_breached
    if state == State.RUNNING:
        return "" if sheet.standing.due_at else NEVER_FORM
    if state == State.CANCELLED:
        return CANCELLED_FORM
    if state == State.PAUSED:
        return PAUSED_BREACHED_FORM if is_breached else PAUSED_FORM
    return BREACHED_FORM if is_breached else MET_FORM
