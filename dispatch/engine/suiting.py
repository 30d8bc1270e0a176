"""How well each of many engineers suits a job, but for what they have already. Pure.

A gate or a term is asked once for all jobs that are alike in what it looks at; what a job knows
of a person comes on top. So ten thousand jobs cost little more than the kinds that they are of.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dispatch.engine import gates, terms
from dispatch.engine.facts import Engineer, Job, Policy

Values = NDArray[np.float64]
UNBOUNDED = 10**9
ROOM = "room"
# What a gate or a term says of somebody and a job, and the facts of the job that it looks at.
Ask = tuple[Callable[[Engineer, Job], float], tuple[str, ...]]


class Suits:
    """Engineers as they are without any load, and what has been asked about them so far."""

    def __init__(self, engineers: Sequence[Engineer], policy: Policy, now: datetime) -> None:
        self._people = [replace(each, load=0, capacity=UNBOUNDED) for each in engineers]
        self._at = {each.pk: at for at, each in enumerate(engineers)}
        self._asks = [*_gates(policy, now), *_terms(policy)]
        self._known: dict[Hashable, Values] = {}

    def of(self, job: Job) -> Values:
        """Return by engineer their score but for room; minus infinity where a gate refuses."""
        plain = replace(job, requester=None, excluded={}, known_by={})
        suits = np.sum([self._each(ask, plain) for ask in self._asks], axis=0)
        for pk in (*job.excluded, *job.known_by, job.requester or 0):
            if pk in self._at:
                at = self._at[pk]
                suits[at] = sum(asked(self._people[at], job) for asked, _ in self._asks)
        return suits

    def _each(self, ask: Ask, job: Job) -> Values:
        asked, looks_at = ask
        key = (asked, *(_hashable(getattr(job, name)) for name in looks_at))
        if key not in self._known:
            self._known[key] = np.array([asked(each, job) for each in self._people], float)
        return self._known[key]


def _gates(policy: Policy, now: datetime) -> Iterator[Ask]:
    for name, gate in gates.GATES.items():
        yield partial(_passed, gate, policy, now), gates.LOOKS_AT[name]


def _passed(
    gate: gates.Gate, policy: Policy, now: datetime, engineer: Engineer, job: Job
) -> float:
    return -inf if gate(engineer, job, policy, now) else 0


def _terms(policy: Policy) -> Iterator[Ask]:
    for name, term in terms.TERMS.items():
        weight = policy.weights.get(name)
        if weight and name != ROOM:
            yield partial(_weighed, term, weight), terms.LOOKS_AT[name]


def _weighed(term: terms.Term, weight: int, engineer: Engineer, job: Job) -> float:
    return weight * term(engineer, job)


def _hashable(fact: Any) -> Hashable:
    return tuple(fact.items()) if isinstance(fact, Mapping) else fact
