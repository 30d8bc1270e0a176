"""Who gets a ticket. A strategy sees who is present and what they have, and chooses one. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from dispatch.balancing.facts import Held, Limits, Move
from dispatch.balancing.planning import plan
from dispatch.engine.deciding import decide
from dispatch.engine.facts import Engineer, Job, Policy, Presence
from dispatch.engine.terms import WEIGHTS
from nova.demo.simulation.work import HANDLING, HOUR

DAY_HOURS, LOOK_AHEAD_HOURS = 24, 96
POINTS = 100
POLICY = Policy(weights=WEIGHTS)


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
    worked: timedelta = timedelta()

    def is_present(self, at: datetime, day: int) -> bool:
        """Say whether this is one of their hours; a shift may run over midnight."""
        over_midnight = self.opens > self.closes
        inside = (
            (at.hour >= self.opens or at.hour < self.closes)
            if over_midnight
            else self.opens <= at.hour < self.closes
        )
        return inside and at.weekday() in self.weekdays and day not in self.absent_on

    def presence(self, at: datetime, day: int) -> Presence:
        """Return until when they are there, or from when on."""
        if self.is_present(at, day):
            return Presence(self._end(at), at)
        this = at.replace(minute=0, second=0)
        for hours in range(1, LOOK_AHEAD_HOURS):
            later = this + hours * HOUR
            if self.is_present(later, day + (at.hour + hours) // DAY_HOURS):
                return Presence(None, at, back_at=later)
        return Presence(None, at)

    def _end(self, at: datetime) -> datetime:
        ends = at.replace(hour=self.closes, minute=0, second=0)
        return ends if ends > at else ends + timedelta(days=1)


@dataclass(frozen=True)
class Waiting:
    """A ticket that nobody has yet."""

    ticket_id: int
    priority: int
    is_for_vip: bool
    opened_at: datetime


class Strategy(Protocol):
    """A way to dispatch; it may remember what it chose."""

    def choose(self, present: Sequence[Engineer], ticket: Waiting, now: datetime) -> int | None:
        """Return the number of one of `present`, which is not empty; None: it waits."""

    def moves(
        self, engineers: Sequence[Engineer], held: Sequence[Held], now: datetime
    ) -> Sequence[Move]:
        """Return what is to go to others, from time to time."""


class Still:
    """Leaves what people have with them."""

    def moves(
        self, engineers: Sequence[Engineer], held: Sequence[Held], now: datetime
    ) -> Sequence[Move]:
        return ()


class LeastLoaded(Still):
    """Whoever has the fewest tickets; of several, the first of the roster."""

    def choose(self, present: Sequence[Engineer], ticket: Waiting, now: datetime) -> int | None:
        return min(present, key=lambda engineer: (engineer.load, engineer.pk)).pk


class RoundRobin(Still):
    """One after the other, whatever they have."""

    def __init__(self) -> None:
        self.last = -1

    def choose(self, present: Sequence[Engineer], ticket: Waiting, now: datetime) -> int | None:
        later = [engineer for engineer in present if engineer.pk > self.last]
        self.last = (later or present)[0].pk
        return self.last


class Chosen(Still):
    """Whom Nova's engine chooses."""

    def choose(self, present: Sequence[Engineer], ticket: Waiting, now: datetime) -> int | None:
        primary = decide(job_of(ticket), present, POLICY, now).primary
        return primary.engineer.pk if primary else None


class Balanced(Chosen):
    """Whom Nova's engine chooses, until its balancer finds that another is to have it."""

    def moves(
        self, engineers: Sequence[Engineer], held: Sequence[Held], now: datetime
    ) -> Sequence[Move]:
        return plan(engineers, held, POLICY, Limits(), now).moves


def engineer_of(worker: Worker, presence: Presence) -> Engineer:
    """Return somebody as the engine sees them. All know all, and tickets weigh the same."""
    load = len(worker.load) * POINTS
    return Engineer(pk=worker.number, name=f"{worker.number}", presence=presence, load=load)


def job_of(ticket: Waiting) -> Job:
    return Job(
        pk=ticket.ticket_id,
        takes_seconds=int(HANDLING[ticket.priority].total_seconds()),
        points=POINTS,
        is_for_vip=ticket.is_for_vip,
    )


STRATEGIES: dict[str, Callable[[], Strategy]] = {
    "least_loaded": LeastLoaded,
    "round_robin": RoundRobin,
    "engine": Chosen,
    "engine_balanced": Balanced,
}
