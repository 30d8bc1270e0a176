"""What finished cases say of those that resemble them. Only what was known at an instant enters,
so that what is learned of the past never knows its future."""

import heapq
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sla.prediction.cases import Case, Known, Scheme, keys_of, value_of

WEIGHT = 10.0  # of what holds for all, beside the cases of one value
DAY = 86_400
LONG = 4 * DAY
# What holds for all before anything is known: one case in four late, about a day.
PRIOR = (1.0, 0.25, 3.2, 0.25)


@dataclass(slots=True)
class Tally:
    """Of the cases with one value: how many, how many late, their log hours, and how many took
    more than `LONG`."""

    count: float = 0.0
    late: float = 0.0
    hours: float = 0.0
    long: float = 0.0

    def add(self, is_breached: bool, seconds: int) -> None:
        self.count += 1
        self.late += is_breached
        self.hours += math.log1p(seconds / 3600)
        self.long += seconds > LONG


@dataclass(slots=True)
class Memory:
    """The tallies of all that is known so far, by key and value, and who waits for how many."""

    scheme: Scheme
    all: Tally = field(default_factory=lambda: Tally(*PRIOR))
    tallies: dict[tuple[str, ...], dict[str, Tally]] = field(default_factory=dict)
    waiting: Counter[str] = field(default_factory=Counter)

    def learn(self, case: Case) -> None:
        """Take in what a case came to. Its team and assignee are the first that were named."""
        if case.known_at is None:
            return
        facts = {**case.facts, "team": case.team, "assignee": case.assignee}
        seconds = case.known_at - case.opened_at if case.seconds is None else case.seconds
        self.all.add(case.is_breached, seconds)
        for key in keys_of(self.scheme, Known.ASSIGNEE):
            tallies = self.tallies.setdefault(key, {})
            tally = tallies.setdefault(value_of(key, facts), Tally())
            tally.add(case.is_breached, seconds)

    def features(self, keys: Iterable[tuple[str, ...]], facts: Mapping[str, str]) -> list[float]:
        """Return, for each key, what `features.PER_KEY` names: how far from all cases these are,
        drawn to zero where they are few."""
        rate, hours, long = (
            part / self.all.count for part in (self.all.late, self.all.hours, self.all.long)
        )
        found = [rate, hours, long]
        for key in keys:
            tally = self.tallies.get(key, {}).get(value_of(key, facts))
            if tally is None:
                found += (0.0, 0.0, 0.0, 0.0)
                continue
            weight = tally.count + WEIGHT
            found += (
                (tally.late - tally.count * rate) / weight,
                (tally.hours - tally.count * hours) / weight,
                (tally.long - tally.count * long) / weight,
                math.log1p(tally.count),
            )
        return found

    def rate(self, key: tuple[str, ...], value: str) -> tuple[int, float] | None:
        """Return how many cases had this value, and which share of them was late."""
        tally = self.tallies.get(key, {}).get(value)
        return None if tally is None else (int(tally.count), tally.late / tally.count)

    def plain(self) -> dict[str, Any]:
        """Return all of it as JSON can hold it."""
        return {
            "all": _plain(self.all),
            "tallies": [
                [list(key), {value: _plain(tally) for value, tally in tallies.items()}]
                for key, tallies in self.tallies.items()
            ],
        }

    @classmethod
    def of(cls, scheme: Scheme, plain: Mapping[str, Any]) -> "Memory":
        """Return what was put away as `plain`."""
        tallies = {
            tuple(key): {value: Tally(*row) for value, row in rows.items()}
            for key, rows in plain["tallies"]
        }
        return cls(scheme, Tally(*plain["all"]), tallies)


def in_order(cases: Iterable[Case], scheme: Scheme) -> Iterator[tuple[Case, Memory]]:
    """Yield cases as they were opened, each with what was known before it: not one case more."""
    memory = Memory(scheme)
    waiting: list[tuple[int, int, Case]] = []
    for number, case in enumerate(sorted(cases, key=lambda c: (c.opened_at, c.key))):
        while waiting and waiting[0][0] < case.opened_at:
            known = heapq.heappop(waiting)[2]
            memory.learn(known)
            memory.waiting[known.requester] -= 1
        yield case, memory
        memory.waiting[case.requester] += 1
        if case.known_at is not None:
            heapq.heappush(waiting, (case.known_at, number, case))


def remembered(cases: Iterable[Case], scheme: Scheme, until: int) -> Memory:
    """Return what was known before an instant."""
    memory = Memory(scheme)
    for case in cases:
        if case.known_at is not None and case.known_at < until:
            memory.learn(case)
    return memory


def _plain(tally: Tally) -> list[float]:
    return [tally.count, round(tally.late, 4), round(tally.hours, 4), tally.long]
