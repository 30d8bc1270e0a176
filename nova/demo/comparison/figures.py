"""What a way to dispatch came to, as figures, and the figures of several ways side by side."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import fmean, median

from nova.demo.comparison.floor import Floor, Task
from nova.demo.simulation.measures import jain, p95, side_by_side
from nova.demo.simulation.work import HOUR, MINUTE


@dataclass
class Figures:
    """What one way came to, over all its runs."""

    tickets: int = 0
    settled: int = 0
    late: dict[str, int] = field(default_factory=lambda: {"response": 0, "resolution": 0})
    vips: int = 0
    vips_late: int = 0
    waits: list[float] = field(default_factory=list)
    vip_waits: list[float] = field(default_factory=list)
    jains: list[float] = field(default_factory=list)
    apart: list[float] = field(default_factory=list)
    moves: int = 0
    idle: timedelta = timedelta()

    def add(self, floor: Floor) -> None:
        """Count what a floor came to."""
        for task in floor.tasks:
            self._add(task, floor.ends)
        for shares in busy_shares(floor):
            self.jains.append(jain(shares))
            self.apart.append(max(shares) - min(shares))
        self.idle += floor.idle

    def _add(self, task: Task, ends: datetime) -> None:
        response, resolution = is_late(task, ends)
        wait = ((task.taken_at or ends) - task.work.opened_at) / MINUTE
        self.tickets += 1
        self.settled += task.settled_at is not None
        self.late["response"] += response
        self.late["resolution"] += resolution
        self.waits.append(wait)
        self.moves += task.moves
        if task.work.is_for_vip:
            self.vips += 1
            self.vips_late += response
            self.vip_waits.append(wait)


def is_late(task: Task, ends: datetime) -> tuple[bool, bool]:
    """Say whether a ticket was answered and settled too late, by the hours of its promise."""
    promise, opened_at = task.work.promise, task.work.opened_at
    response = promise.hours.open_seconds(opened_at, task.taken_at or ends)
    until = task.settled_at or task.paused_at or ends
    paused = sum(promise.hours.open_seconds(*pause) for pause in task.pauses)
    resolution = promise.hours.open_seconds(opened_at, until) - paused
    return response > promise.response, resolution > promise.resolution


def busy_shares(floor: Floor) -> list[list[float]]:
    """Return which share of the time that they were there people worked, shift by shift.

    Those of a shift are equals; that nights are quiet is nobody's unfairness.
    """
    shifts: dict[int, list[float]] = defaultdict(list)
    for seat in floor.seats.values():
        there = sum((closes - opens for opens, closes in seat.person.windows), timedelta())
        if there:
            shifts[seat.person.shift].append(seat.worked / there)
    return [shares for shares in shifts.values() if len(shares) > 1]


def table(found: Mapping[str, Figures]) -> Iterator[str]:
    """Yield the lines of a table: a row for each figure, a column for each way."""
    return side_by_side({name: _row(figures) for name, figures in found.items()})


def _row(of: Figures) -> dict[str, str]:
    return {
        "answered too late": f"{of.late['response'] / of.tickets:.1%}",
        "settled too late": f"{of.late['resolution'] / of.tickets:.1%}",
        "settled by the end": f"{of.settled / of.tickets:.1%}",
        "wait, median, min": f"{median(of.waits):.0f}",
        "wait, p95, min": f"{p95(of.waits):.0f}",
        "VIPs answered too late": f"{of.vips_late / max(of.vips, 1):.1%}",
        "VIPs' wait, median, min": f"{median(of.vip_waits):.1f}" if of.vips else "-",
        "VIPs' wait, p95, min": f"{p95(of.vip_waits):.0f}" if of.vips else "-",
        "Jain's index, by shift": f"{fmean(of.jains):.3f}" if of.jains else "-",
        "busiest less idlest, by shift": f"{fmean(of.apart):.1%}" if of.apart else "-",
        "moves per ticket": f"{of.moves / of.tickets:.2f}",
        "idle hours while work waits": f"{of.idle / HOUR:.0f}",
    }
