"""What the desk decides about a ticket. Pure: no database, no clock, no settings."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypedDict

from tickets.choices import Level, Priority, ScorePart, Status

BRACED = re.compile(r"\{(\w+)\}")
WEIGHT = {Level.HIGH: 1, Level.MEDIUM: 2, Level.LOW: 3}

AWAITING = (Status.AWAITING_CUSTOMER, Status.AWAITING_DEPENDENCY)
_WORK = (Status.DIAGNOSING, Status.IN_PROGRESS, *AWAITING, Status.RESOLVED)
TRANSITIONS: dict[Status, tuple[Status, ...]] = {
    Status.NEW: (Status.ACKNOWLEDGED, *_WORK),
    Status.ACKNOWLEDGED: _WORK,
    Status.DIAGNOSING: _WORK[1:],
    Status.IN_PROGRESS: (Status.DIAGNOSING, *AWAITING, Status.RESOLVED),
    Status.AWAITING_CUSTOMER: tuple(s for s in _WORK if s != Status.AWAITING_CUSTOMER),
    Status.AWAITING_DEPENDENCY: tuple(s for s in _WORK if s != Status.AWAITING_DEPENDENCY),
    Status.RESOLVED: (Status.CLOSED, Status.REOPENED),
    Status.CLOSED: (Status.REOPENED,),
    Status.REOPENED: (Status.ACKNOWLEDGED, *_WORK),
}

# How long a rating may be changed after it was given.
RATING_CHANGES = timedelta(days=1)
# How long a ticket without a running clock may wait, by priority, before it is taken.
ALLOWANCE = {
    Priority.P1: timedelta(minutes=15),
    Priority.P2: timedelta(hours=1),
    Priority.P3: timedelta(hours=4),
    Priority.P4: timedelta(hours=8),
    Priority.P5: timedelta(hours=24),
}
# What waits for somebody else stands behind all that anybody here can take, whatever its age.
BEHIND = timedelta(days=3650)
TOP_BAND = 1000


@dataclass(frozen=True, kw_only=True)
class Weights:
    """What counts how much in a tenant's queue. The levels of VIPs count in `modules` only."""

    exec: int = 300
    gold: int = 200
    priority: int = 100
    risk: int = 50
    modules: Collection[str] = ()

    def of_level(self, level: str, module: str) -> int:
        """Return what a VIP's level counts, "" being that of nobody special."""
        points: int = getattr(self, level) if level and module in self.modules else 0
        return points


class Part(TypedDict):
    """One summand of a ticket's score, and why it is there."""

    points: int
    reason: str


Parts = Mapping[str, Part]


def priority_of(impact: str, urgency: str) -> Priority:
    """Return the cell of the impact-urgency matrix: high and high make P1, low and low P5."""
    return Priority(WEIGHT[Level(impact)] + WEIGHT[Level(urgency)] - 1)


def may_become(now: str, then: str) -> bool:
    return then in TRANSITIONS[Status(now)]


def is_first_response(status: str) -> bool:
    """Say whether entering this stage answers a ticket that nobody had answered yet."""
    return status not in (Status.NEW, Status.CLOSED, Status.REOPENED)


def take_by(opened_at: datetime, priority: int) -> datetime:
    """Return the instant by which a ticket without a running clock should be taken."""
    return opened_at + ALLOWANCE[Priority(priority)]


def stands_at(status: str, since: datetime, opened_at: datetime, priority: int) -> datetime:
    """Return the place in time of a ticket without a running clock that is in a stage `since`.

    What waits for somebody else stands behind everything else, the longest waiting first.
    """
    return since + BEHIND if status in AWAITING else take_by(opened_at, priority)


def with_part(parts: Parts, kind: ScorePart, points: int, reason: str) -> dict[str, Part]:
    """Return the parts with one of them set, or removed where `points` is 0.

    The fairness part fills the sum up to the top band, where only time decides: whatever VIPs
    arrive, a ticket there is overtaken by none that must be taken later.
    """
    others = {key: part for key, part in parts.items() if key != kind}
    if points:
        others[kind] = {"points": points, "reason": reason}
    fairness = others.pop(ScorePart.FAIRNESS, None)
    if fairness:
        lift = TOP_BAND - score_of(others)
        others[ScorePart.FAIRNESS] = {"points": lift, "reason": fairness["reason"]}
    return others


def score_of(parts: Parts) -> int:
    """Return the queue score: the sum of its parts."""
    return sum(part["points"] for part in parts.values())


def takes_rating(rated_at: datetime | None, now: datetime) -> bool:
    """Say whether a solved ticket takes an answer: its first, or another within a day of that."""
    return rated_at is None or now - rated_at < RATING_CHANGES


def filled(template: str, facts: Mapping[str, str]) -> str:
    """Return a template with each {name} that there is a fact for; other braces stay."""
    return BRACED.sub(lambda found: facts.get(found[1], found[0]), template)
