"""Who gets which of many pieces of work at once: the best of all ways to hand them out. Pure.

Work comes in the order of the queue and is handed out in bands of it. Within a band of equal
weight the result is optimal: as many as can be are given, the earlier before the later, to those
who suit them best. Somebody with room for three is three places, each worth less than the one
before, since their room shrinks. In a band of several weights each place holds the heaviest, so
that nobody is ever given too much; what remains of it is handed out again until nothing fits.

A job for which nobody has room enough keeps the room of one person from those after it. Else what
is light would take whatever becomes free, and what is heavy wait for as long as the desk is full.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import numpy as np

from dispatch.engine.facts import Engineer, Job, Policy
from dispatch.engine.suiting import ROOM, UNBOUNDED, Suits, Values
from dispatch.engine.terms import best_score, room_of

BAND = 1000


class Given(NamedTuple):
    """That a job goes to an engineer; positions in what was asked."""

    job: int
    engineer: int


class Place(NamedTuple):
    """Room for one more job at an engineer, and how well that suits them."""

    engineer: int
    room: int


def match(
    jobs: Sequence[Job], engineers: Sequence[Engineer], policy: Policy, now: datetime
) -> list[Given]:
    """Return who gets which job; a job that is missing finds nobody."""
    matching = _Matching(jobs, engineers, policy, now)
    for start in range(0, len(jobs), BAND):
        matching.hand_out(list(range(start, min(start + BAND, len(jobs)))))
    return matching.given


@dataclass
class _Matching:
    """What has been handed out so far, and the loads that come of it."""

    jobs: Sequence[Job]
    engineers: Sequence[Engineer]
    policy: Policy
    now: datetime
    given: list[Given] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.loads = [engineer.load for engineer in self.engineers]
        # By engineer the job for which their room is kept from those after it.
        self.kept = np.full(len(self.engineers), len(self.jobs))
        self.suits = Suits(self.engineers, self.policy, self.now)

    def hand_out(self, band: list[int]) -> None:
        """Give as many jobs of the band as find somebody.

        Where nothing of it fits any more, what is lighter than the heaviest still may: of what is
        after it in the queue only where no room is kept for it.
        """
        while band:
            found = self._best(band)
            if not found:
                heaviest = max(self.jobs[at].points for at in band)
                self._keep_room([at for at in band if self.jobs[at].points == heaviest])
                band = [at for at in band if self.jobs[at].points < heaviest]
            for given in found:
                self.loads[given.engineer] += self.jobs[given.job].points
            self.given += found
            taken = {given.job for given in found}
            band = [at for at in band if at not in taken]

    def _keep_room(self, waiting: Sequence[int]) -> None:
        """Keep for each job the room of whoever has most of it, and is not kept for one before."""
        limits = np.array([engineer.capacity for engineer in self.engineers])
        free = limits - np.array(self.loads)
        for at in waiting:
            job = self.jobs[at]
            may = (self.kept > at) & (limits >= job.points) & np.isfinite(self.suits.of(job))
            if may.any():
                self.kept[np.where(may, free, -UNBOUNDED).argmax()] = at

    def _best(self, band: Sequence[int]) -> list[Given]:
        from scipy import optimize  # noqa: PLC0415 - large, and most processes match nothing

        places = self._places(max(self.jobs[at].points for at in band), len(band))
        if not places:
            return []
        values = self._values(band, places)
        rows, columns = optimize.linear_sum_assignment(values, maximize=True)
        return [
            Given(band[row], places[column].engineer)
            for row, column in zip(rows, columns, strict=True)
            if values[row, column] > 0
        ]

    def _places(self, points: int, most: int) -> list[Place]:
        return [
            Place(at, room_of(engineer.capacity, load, points))
            for at, engineer in enumerate(self.engineers)
            for load in self._loads(at, points, most)
        ]

    def _loads(self, at: int, points: int, most: int) -> range:
        """Return the loads with which one more job of so many points still fits."""
        free = self.engineers[at].capacity - self.loads[at]
        fitting = min(most, free // points)
        return range(self.loads[at], self.loads[at] + fitting * points, points)

    def _values(self, band: Sequence[int], places: Sequence[Place]) -> Values:
        """Return what each place is worth to each job; 0 where a gate refuses.

        To be given at all is worth more than any score, and to the earlier job a step more.
        """
        owners = np.array([place.engineer for place in places])
        room = self.policy.weights.get(ROOM, 0) * np.array([place.room for place in places])
        step = best_score(self.policy) + 1
        values = np.empty((len(band), len(places)))
        for row, at in enumerate(band):
            worth = self.suits.of(self.jobs[at])[owners] + room + step * (2 * len(band) - row)
            values[row] = np.where(self.kept[owners] < at, 0, np.maximum(worth, 0))
        return values
