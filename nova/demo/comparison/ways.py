"""Ways to dispatch: two that everybody knows, and Nova's own, with and without the balancer."""

from collections.abc import Callable
from datetime import datetime

from dispatch.balancing.facts import Held, Limits
from dispatch.balancing.planning import plan
from dispatch.engine.deciding import decide
from dispatch.engine.facts import Engineer, Job, Policy, Presence, Wanted
from dispatch.engine.matching import match
from dispatch.engine.terms import WEIGHTS
from nova.demo.comparison.floor import Floor, Seat, Task, Way
from nova.demo.simulation.work import HANDLING

POLICY = Policy(weights=WEIGHTS)


class RoundRobin:
    """One after the other of those who are there, whatever they have."""

    def __init__(self) -> None:
        self.last = 0

    def hand_out(self, floor: Floor, now: datetime) -> None:
        for task in list(floor.waiting.values()):
            there = _there(floor, task)
            if there:
                later = [seat for seat in there if seat.person.pk > self.last]
                self.last = (later or there)[0].person.pk
                floor.give(task, self.last, now)

    def tidy(self, floor: Floor, now: datetime) -> None:
        """What somebody has, they keep."""


class LeastLoaded:
    """Whoever of those who are there has the fewest tickets; of several, the first."""

    def hand_out(self, floor: Floor, now: datetime) -> None:
        for task in list(floor.waiting.values()):
            there = _there(floor, task)
            if there:
                floor.give(task, min(there, key=lambda seat: len(seat.has)).person.pk, now)

    def tidy(self, floor: Floor, now: datetime) -> None:
        """What somebody has, they keep."""


class Engine:
    """Nova's engine: one ticket by its score, several at once by the matching."""

    def __init__(self, policy: Policy = POLICY) -> None:
        self.policy = policy

    def hand_out(self, floor: Floor, now: datetime) -> None:
        tasks = sorted(floor.waiting.values(), key=lambda task: task.urgency)
        jobs, engineers = [job_of(task) for task in tasks], engineers_of(floor, now)
        if len(tasks) == 1:
            primary = decide(jobs[0], engineers, self.policy, now).primary
            if primary:
                floor.give(tasks[0], primary.engineer.pk, now)
            return
        for given in match(jobs, engineers, self.policy, now) if tasks else ():
            floor.give(tasks[given.job], engineers[given.engineer].pk, now)

    def tidy(self, floor: Floor, now: datetime) -> None:
        """Without the balancer, what somebody has, they keep."""


class Balanced(Engine):
    """Nova's engine, and the balancer every ten minutes."""

    def __init__(self, policy: Policy = POLICY, limits: Limits | None = None) -> None:
        super().__init__(policy)
        self.limits = limits or Limits()

    def tidy(self, floor: Floor, now: datetime) -> None:
        held = [held_of(task) for task in sorted(open_of(floor), key=lambda each: each.urgency)]
        tasks = {task.work.pk: task for task in floor.tasks}
        for move in plan(engineers_of(floor, now), held, self.policy, self.limits, now).moves:
            if move.target is None:
                floor.take_back(tasks[move.ticket], now)
            else:
                floor.give(tasks[move.ticket], move.target, now)


def open_of(floor: Floor) -> list[Task]:
    return [*floor.waiting.values(), *(t for s in floor.seats.values() for t in s.has.values())]


def job_of(task: Task) -> Job:
    work = task.work
    return Job(
        pk=work.pk,
        skills=(Wanted(work.field, f"Field {work.field}", is_mandatory=work.is_special),),
        takes_seconds=int(HANDLING[work.priority].total_seconds()),
        points=task.points,
        is_for_vip=work.is_for_vip,
        excluded=dict.fromkeys(task.tried, "does not know how"),
    )


def held_of(task: Task) -> Held:
    return Held(
        job=job_of(task),
        holder=task.holder,
        given_at=task.given_at,
        touched_at=task.touched_at,
        moved_at=task.moved_at,
        from_pk=task.from_pk,
        is_acknowledged=task.is_begun,
        due_at=task.due_at,
        is_begun=task.is_begun,
        is_paused=task.paused_at is not None,
    )


def engineers_of(floor: Floor, now: datetime) -> list[Engineer]:
    return [_engineer(seat, now) for seat in floor.seats.values()]


def _engineer(seat: Seat, now: datetime) -> Engineer:
    person, until = seat.person, seat.until(now)
    return Engineer(
        pk=person.pk,
        name=f"Technician {person.pk}",
        presence=Presence(until, now, None if until else seat.back_at(now)),
        skills=person.levels,
        load=seat.load,
        last_given_at=seat.last_given_at,
        is_for_vips=person.is_for_vips,
    )


def _there(floor: Floor, task: Task) -> list[Seat]:
    """Return who is there and has not found yet that they do not know how."""
    return [s for pk, s in floor.seats.items() if s.is_there and pk not in task.tried]


WAYS: dict[str, Callable[[], Way]] = {
    "round_robin": RoundRobin,
    "least_loaded": LeastLoaded,
    "engine": Engine,
    "engine_balanced": Balanced,
}
