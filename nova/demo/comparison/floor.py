"""The desk as it goes: who comes, works, asks, settles and goes. Pure, and the same for each way.

A way to dispatch says only who has what. Everybody does one thing at a time, of what they have
the most urgent first; what they are at, they lay down only when they go, or lose it.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count
from typing import Protocol

from dispatch.engine.deciding import LONG_AGO
from dispatch.roster import presence_at
from nova.demo.comparison.world import Person, Work
from nova.demo.simulation.work import MINUTE

LOOKED = 15 * MINUTE  # until somebody finds that they do not know how
# What a ticket costs more when it goes over: to read what was done, or that nothing was.
READING, GLANCING = 10 * MINUTE, MINUTE
POINTS = {1: 200, 2: 150, 3: 100, 4: 100, 5: 100}
PAUSED_POINTS = 25
TIDIED_EVERY = 10 * MINUTE
Act = Callable[[datetime], None]


@dataclass(eq=False)
class Task:
    """A ticket as it goes on. `tried`: who found that they do not know how."""

    work: Work
    holder: int | None = None
    given_at: datetime | None = None
    touched_at: datetime | None = None
    moved_at: datetime | None = None
    from_pk: int | None = None
    is_begun: bool = False
    step: int = 0
    left: timedelta = timedelta()
    taken_at: datetime | None = None
    settled_at: datetime | None = None
    paused_at: datetime | None = None
    pauses: list[tuple[datetime, datetime]] = field(default_factory=list)
    tried: set[int] = field(default_factory=set)
    moves: int = 0

    @property
    def due_at(self) -> datetime:
        """Return when what was promised and is not kept yet is due, as if it had not paused."""
        promise = self.work.promise
        seconds = promise.resolution if self.taken_at else promise.response
        return promise.hours.advance(self.work.opened_at, seconds) or self.work.opened_at

    @property
    def urgency(self) -> tuple[bool, datetime, int]:
        """What orders a queue: VIPs, then what is due first."""
        return not self.work.is_for_vip, self.due_at, self.work.pk

    @property
    def points(self) -> int:
        return PAUSED_POINTS if self.paused_at else POINTS[self.work.priority]


@dataclass(eq=False)
class Seat:
    """Somebody's place: what they have, and what they are at since when."""

    person: Person
    is_there: bool = False
    has: dict[int, Task] = field(default_factory=dict)
    at: Task | None = None
    since: datetime = LONG_AGO
    ends_at: datetime = LONG_AGO
    worked: timedelta = timedelta()
    last_given_at: datetime | None = None

    @property
    def load(self) -> int:
        return sum(task.points for task in self.has.values())

    @property
    def is_idle(self) -> bool:
        return self.is_there and self.at is None

    def until(self, now: datetime) -> datetime | None:
        """Return until when they are to be there: by the roster, nobody foresees an illness."""
        return presence_at(self.person.roster, now).until if self.is_there else None

    def back_at(self, now: datetime) -> datetime | None:
        windows = self.person.windows
        later = bisect_right(windows, (now, now))
        return windows[later][0] if later < len(windows) else None


class Way(Protocol):
    """A way to dispatch."""

    def hand_out(self, floor: "Floor", now: datetime) -> None:
        """Give what waits to people, by `floor.give`, as far as it is to be given."""

    def tidy(self, floor: "Floor", now: datetime) -> None:
        """Move, from time to time, what people have."""


class Floor:
    """A desk that goes on from `began` until `ends`, dispatched in one way."""

    def __init__(
        self,
        people: Sequence[Person],
        work: Sequence[Work],
        way: Way,
        began: datetime,
        ends: datetime,
    ) -> None:
        self.way, self.now, self.ends = way, began, ends
        self.seats = {person.pk: Seat(person) for person in people}
        self.tasks = [Task(each, left=each.steps[0].work) for each in work]
        self.waiting: dict[int, Task] = {}
        self.idle = timedelta()
        self._startable: dict[int, Task] = {}
        self._acts: list[tuple[datetime, int, Act]] = []
        self._order = count()
        for seat in self.seats.values():
            for opens, closes in seat.person.windows:
                self._at(opens, partial(self._come, seat))
                self._at(closes, partial(self._go, seat))
        for task in self.tasks:
            self._at(task.work.opened_at, partial(self._arrive, task))
        for number in range(1, int((ends - began) / TIDIED_EVERY)):
            self._at(began + number * TIDIED_EVERY, partial(way.tidy, self))

    def play(self) -> None:
        while self._acts and self._acts[0][0] < self.ends:
            at, _, act = heappop(self._acts)
            self.idle += (at - self.now) * self._idlers()
            self.now = at
            act(at)

    def give(self, task: Task, pk: int, now: datetime) -> None:
        """Let somebody have a ticket that waits or that another has."""
        self.take_back(task, now)
        del self.waiting[task.work.pk]
        seat = self.seats[pk]
        task.holder, task.given_at, task.moved_at = pk, now, now
        seat.has[task.work.pk], seat.last_given_at = task, now
        self._begin(seat, now)

    def take_back(self, task: Task, now: datetime) -> None:
        """Let a ticket wait for somebody, whoever has it. Each loss counts as a move."""
        if task.holder is not None:
            seat = self.seats[task.holder]
            if seat.at is task:
                self._lay_down(seat, now)
            del seat.has[task.work.pk]
            task.from_pk, task.moved_at, task.moves = task.holder, now, task.moves + 1
            task.left += GLANCING if not task.is_begun or task.holder in task.tried else READING
            task.holder = task.given_at = task.touched_at = None
            task.is_begun = False
            self._begin(seat, now)
        self.waiting[task.work.pk] = task

    def _at(self, at: datetime, act: Act) -> None:
        heappush(self._acts, (at, next(self._order), act))

    def _idlers(self) -> int:
        """Return how many do nothing though there is something that they could do."""
        fields = {task.work.field: task.work for task in self._startable.values()}
        idle = [seat.person for seat in self.seats.values() if seat.is_idle]
        return sum(any(person.can(work) for work in fields.values()) for person in idle)

    def _arrive(self, task: Task, now: datetime) -> None:
        self.waiting[task.work.pk] = self._startable[task.work.pk] = task
        self.way.hand_out(self, now)

    def _come(self, seat: Seat, now: datetime) -> None:
        seat.is_there = True
        self.way.hand_out(self, now)
        self._begin(seat, now)

    def _go(self, seat: Seat, now: datetime) -> None:
        seat.is_there = False
        self._lay_down(seat, now)

    def _begin(self, seat: Seat, now: datetime) -> None:
        """Take up the most urgent of what somebody has, unless they are at something."""
        ready = [task for pk, task in seat.has.items() if pk in self._startable]
        if not seat.is_idle or not ready:
            return
        task = min(ready, key=lambda each: each.urgency)
        del self._startable[task.work.pk]
        task.taken_at = task.taken_at or now
        task.is_begun, task.touched_at = True, now
        person = seat.person
        takes = person.needs(task.work, task.left) if person.can(task.work) else LOOKED
        seat.at, seat.since, seat.ends_at = task, now, now + takes
        self._at(seat.ends_at, partial(self._end, seat, task))

    def _lay_down(self, seat: Seat, now: datetime) -> None:
        task = seat.at
        if task is None:
            return
        spent = now - seat.since
        takes = seat.ends_at - seat.since
        if seat.person.can(task.work) and takes:
            task.left -= task.left * (spent / takes)
        self._leave(seat, task, now)
        self._startable[task.work.pk] = task

    def _leave(self, seat: Seat, task: Task, now: datetime) -> None:
        seat.worked += now - seat.since
        seat.at, task.touched_at = None, now

    def _end(self, seat: Seat, task: Task, now: datetime) -> None:
        """Go on to what comes next, unless it was laid down meanwhile."""
        if seat.at is not task or seat.ends_at != now:
            return
        self._leave(seat, task, now)
        if not seat.person.can(task.work):
            task.tried.add(seat.person.pk)
            self._startable[task.work.pk] = task
            self.take_back(task, now)
        elif task.work.steps[task.step].waits:
            self._pause(task, now)
        else:
            task.settled_at = now
            del seat.has[task.work.pk]
        self.way.hand_out(self, now)
        self._begin(seat, now)

    def _pause(self, task: Task, now: datetime) -> None:
        task.paused_at = now
        waits = task.work.steps[task.step].waits or timedelta()
        self._at(now + waits, partial(self._go_on, task))

    def _go_on(self, task: Task, now: datetime) -> None:
        task.pauses.append((task.paused_at or now, now))
        task.paused_at = None
        task.step += 1
        task.left = task.work.steps[task.step].work
        self._startable[task.work.pk] = task
        if task.holder is None:
            self.way.hand_out(self, now)
        else:
            self._begin(self.seats[task.holder], now)
