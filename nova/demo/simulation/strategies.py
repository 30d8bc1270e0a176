"""Who gets a ticket. A strategy sees who is present and what they have, and chooses one. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass
class Worker:
    """Somebody at the desk: their hours of a day in UTC, the days off, and what they have."""

    number: int
    person_id: int
    opens: int
    closes: int
    weekdays: frozenset[int]
    absent_on: frozenset[int] = frozenset()  # days of the simulation
    load: set[int] = field(default_factory=set)  # tickets assigned and not solved
    is_busy: bool = False

    def is_present(self, at: datetime, day: int) -> bool:
        """Say whether this is one of their hours; a shift may run over midnight."""
        over_midnight = self.opens > self.closes
        inside = (
            (at.hour >= self.opens or at.hour < self.closes)
            if over_midnight
            else self.opens <= at.hour < self.closes
        )
        return inside and at.weekday() in self.weekdays and day not in self.absent_on


@dataclass(frozen=True)
class Waiting:
    """A ticket that nobody has yet."""

    ticket_id: int
    priority: int
    is_for_vip: bool
    opened_at: datetime


class Strategy(Protocol):
    """A way to dispatch; it may remember what it chose."""

    def choose(self, present: Sequence[Worker], ticket: Waiting) -> Worker:
        """Return one of `present`, which is not empty."""


class LeastLoaded:
    """Whoever has the fewest tickets; of several, the first of the roster."""

    def choose(self, present: Sequence[Worker], ticket: Waiting) -> Worker:
        return min(present, key=lambda worker: (len(worker.load), worker.number))


class RoundRobin:
    """One after the other, whatever they have."""

    def __init__(self) -> None:
        self.last = -1

    def choose(self, present: Sequence[Worker], ticket: Waiting) -> Worker:
        later = [worker for worker in present if worker.number > self.last]
        chosen = (later or present)[0]
        self.last = chosen.number
        return chosen


STRATEGIES: dict[str, Callable[[], Strategy]] = {
    "least_loaded": LeastLoaded,
    "round_robin": RoundRobin,
}
