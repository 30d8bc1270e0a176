"""A second opinion on clocks: walks time step by step, and shares no code with `sla`.

Slow and literal on purpose. Everything that it is given lies on whole steps.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

QUARTER = timedelta(minutes=15)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Form = dict[str, Any]


def is_open(calendar: Form, at: datetime) -> bool:
    """Read the wall clock at `at` and look it up in the JSON of the calendar."""
    local = at.astimezone(ZoneInfo(calendar["tz"]))
    clock_time = local.strftime("%H:%M:%S")
    today = [
        holiday
        for holiday in calendar.get("holidays", [])
        if date.fromisoformat(holiday["date"]) == local.date()
    ]
    openings = [holiday["open"] for holiday in today if "open" in holiday]
    if any(_holds(holiday.get("closed", []), clock_time) for holiday in today):
        return False
    if openings:
        return any(_holds(opening, clock_time) for opening in openings)
    if any("closed" not in holiday for holiday in today):
        return False
    return _holds(calendar["weekly"].get(WEEKDAYS[local.weekday()], []), clock_time)


def _holds(spans: list[list[str]], clock_time: str) -> bool:
    return any(start <= clock_time < end for start, end in spans)


def open_steps(calendar: Form, start: datetime, end: datetime, step: timedelta) -> int:
    """Count the open steps of [`start`, `end`)."""
    return sum(is_open(calendar, at) for at in steps(start, end, step))


def steps(start: datetime, end: datetime, step: timedelta) -> list[datetime]:
    return [start + step * number for number in range(max(0, -((start - end) // step)))]


@dataclass
class Walked:
    """One cycle of the walk; `ends` holds the end of each step that it counted."""

    start_at: datetime
    calendar: Form
    target: int
    state: str = "running"
    ends: list[datetime] = field(default_factory=list)
    while_stopped: list[datetime] = field(default_factory=list)
    stop_at: datetime | None = None
    ran_until: datetime | None = None


@dataclass
class Walk:
    """Replays events on one clock, a quarter of an hour at a time."""

    calendar: Form
    target: int
    reopen: str
    target_change: str
    cycles: list[Walked] = field(default_factory=list)

    def go(self, events: list[Form], as_of: datetime) -> None:
        """Walk from the first event to `as_of`; events of that very instant still count."""
        at = min((event["at"] for event in events), default=as_of)
        while at <= as_of:
            for event in events:
                if event["at"] == at:
                    self.meet(event)
            if at < as_of:
                self.count(at)
            at += QUARTER

    def count(self, at: datetime) -> None:
        cycle = self.cycles[-1] if self.cycles else None
        if cycle and cycle.state == "running":
            cycle.ran_until = at + QUARTER
        if cycle and cycle.state in {"running", "stopped"} and is_open(cycle.calendar, at):
            counted = cycle.ends if cycle.state == "running" else cycle.while_stopped
            counted.append(at + QUARTER)

    def meet(self, event: Form) -> None:
        self.calendar = event.get("calendar", self.calendar)
        self.target = event.get("target_min", self.target)
        state = self.cycles[-1].state if self.cycles else "none"
        kind = event["type"]
        if kind == "start" and state in {"none", "stopped", "cancelled"}:
            self.cycles.append(Walked(event["at"], self.calendar, self.target))
        if kind == "reopen" and state == "stopped":
            self.reopened(event["at"])
        if state in {"running", "paused"}:
            self.meet_live(kind, event["at"])

    def meet_live(self, kind: str, at: datetime) -> None:
        cycle = self.cycles[-1]
        if kind in {"stop", "cancel"}:
            cycle.state = {"stop": "stopped", "cancel": "cancelled"}[kind]
            cycle.stop_at = at
        elif kind in {"pause", "resume"}:
            cycle.state = {"pause": "paused", "resume": "running"}[kind]
        elif kind in {"target_change", "calendar_change"} and self.target_change == "restart":
            self.cycles.append(Walked(at, self.calendar, self.target, cycle.state))
            cycle.state, cycle.stop_at = "cancelled", at
        else:
            cycle.calendar, cycle.target = self.calendar, self.target

    def reopened(self, at: datetime) -> None:
        cycle = self.cycles[-1]
        if self.reopen == "new_cycle":
            self.cycles.append(Walked(at, self.calendar, self.target))
            return
        if self.reopen == "as_if_never_stopped":
            cycle.ends += cycle.while_stopped
            cycle.ran_until = at
        cycle.state, cycle.stop_at, cycle.while_stopped = "running", None, []
        cycle.calendar, cycle.target = self.calendar, self.target

    def answer(self, as_of: datetime, patience: timedelta) -> list[Form]:
        """Return what each cycle says; a due time later than `patience` from now is None."""
        return [self._said(cycle, as_of, patience) for cycle in self.cycles]

    def _said(self, cycle: Walked, as_of: datetime, patience: timedelta) -> Form:
        said: Form = {
            "state": cycle.state,
            "start_at": cycle.start_at,
            "stop_at": cycle.stop_at,
            "elapsed_min": len(cycle.ends) * 15,
            "target_min": cycle.target,
        }
        if cycle.state == "cancelled":
            return said
        needed = cycle.target // 15
        reached = cycle.ends[needed - 1] if len(cycle.ends) >= needed else None
        until = as_of if cycle.state == "running" else cycle.ran_until
        breached = bool(reached and until and until > reached)
        due = reached if breached or cycle.state != "paused" else None
        if due is None and cycle.state != "paused":
            due = self._ahead(cycle, needed - len(cycle.ends), as_of, patience)
        said |= {"due_at": due, "breached": breached, "breach_at": reached if breached else None}
        return said

    def _ahead(
        self, cycle: Walked, needed: int, as_of: datetime, patience: timedelta
    ) -> datetime | None:
        for at in steps(cycle.stop_at or as_of, as_of + patience, QUARTER):
            needed -= is_open(cycle.calendar, at)
            if needed == 0:
                return at + QUARTER
        return None
