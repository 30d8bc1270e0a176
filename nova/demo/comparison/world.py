"""The people and the work that ways to dispatch are compared on. Pure, but for dice.

All that is by chance is drawn here, before anybody dispatches: so it is the same for each way.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from dispatch.engine.facts import TOP_LEVEL
from dispatch.roster import Change, Shift, hours_of
from nova.demo.simulation.rhythm import Rhythm
from nova.demo.simulation.work import (
    ANSWERED,
    AWAITING,
    BACK,
    BLOCKED,
    HANDLING,
    LEVEL_WEIGHTS,
    LEVELS,
    REOPENED,
    UNBLOCKED,
    spread,
)
from nova.hours import WorkingHours
from sla.calendars import hours_from_json
from sla.seeds import CATALOGUE, HOURS
from tickets.rules import priority_of

DAY = timedelta(days=1)
ZONE = ZoneInfo("UTC")
# How often work is of a field: the six most frequent categories of the log behind the rhythm. Of
# the special ones only who knows the field can do the work; others find that out, and lose time.
FIELDS = (24, 23, 20, 15, 10, 8)
SPECIAL = frozenset({2, 5})
# What somebody knows by their number, so that those of a shift know different fields, and how well
# work goes by level, of 1 for an ordinary one.
KNOWS = (0, 1, 3)
FACTORS = (1.6, 1.3, 1.1, 1.0, 0.9, 0.8)
SPEED = 0.15
# In turn; hours with a break, and the days of the week. The first keeps the desk alive at night.
WORKDAYS, WEEKEND, WEEK = range(5), range(5, 7), range(7)
SHIFTS: tuple[tuple[tuple[tuple[float, float], ...], range], ...] = (
    (((22, 6),), WEEK),
    (((7, 11), (11.75, 15.5)), WORKDAYS),
    (((9, 12.5), (13.25, 17.5)), WORKDAYS),
    (((13, 17), (17.75, 22)), WORKDAYS),
    (((7, 12), (12.75, 19)), WEEKEND),
    (((8, 12), (12.75, 16.5)), WORKDAYS),
)
LEAVE, ILL = 0.05, 0.03  # of somebody's days
FOR_VIPS = 4  # each so manieth is preferred for VIPs


class Promise(NamedTuple):
    """How soon a ticket is answered and settled, in seconds of the hours that count."""

    response: int
    resolution: int
    hours: WorkingHours


class Step(NamedTuple):
    """So much work for somebody ordinary, and how long then nothing can be done.

    With None it is settled; what comes back after it seemed to be counts as paused meanwhile.
    """

    work: timedelta
    waits: timedelta | None = None


@dataclass(frozen=True, kw_only=True)
class Work:
    """A ticket as chance made it."""

    pk: int
    opened_at: datetime
    field: int
    priority: int
    is_for_vip: bool
    steps: tuple[Step, ...]
    promise: Promise

    @property
    def is_special(self) -> bool:
        return self.field in SPECIAL


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody at the desk: there in fact in `windows`, and to be there by the `roster`."""

    pk: int
    levels: Mapping[int, int]
    speed: float
    is_for_vips: bool
    roster: WorkingHours
    windows: Sequence[tuple[datetime, datetime]]

    @property
    def shift(self) -> int:
        return self.pk % len(SHIFTS)

    def can(self, work: Work) -> bool:
        return not work.is_special or work.field in self.levels

    def needs(self, work: Work, effort: timedelta) -> timedelta:
        """Return how long so much work takes them: by what they know, and how quick they are."""
        return effort * FACTORS[self.levels.get(work.field, 0)] / self.speed


def work_of(
    rhythm: Rhythm, began: datetime, days: int, per_day: float, vip_share: float, seed: int
) -> list[Work]:
    """Return the tickets of some days, in the order in which they arrive."""
    dice = Random(seed)  # noqa: S311 - a desk, not secrets
    promises = _promises()
    arrivals = rhythm.arrivals(began, days, per_day, dice)
    return [_work(pk, at, vip_share, promises, dice) for pk, at in enumerate(arrivals, 1)]


def people_of(many: int, began: datetime, days: int, seed: int) -> list[Person]:
    """Return those who are at the desk."""
    dice = Random(seed + 1)  # noqa: S311
    return [_person(pk, began, days, dice) for pk in range(1, many + 1)]


def _work(
    pk: int, at: datetime, vip_share: float, promises: Mapping[int, Promise], dice: Random
) -> Work:
    impact, urgency = dice.choices(LEVELS, LEVEL_WEIGHTS, k=2)
    priority = int(priority_of(impact, urgency))
    is_for_vip = dice.random() < vip_share
    return Work(
        pk=pk,
        opened_at=at,
        field=dice.choices(range(len(FIELDS)), FIELDS)[0],
        priority=priority,
        is_for_vip=is_for_vip,
        steps=tuple(_steps(HANDLING[priority], dice)),
        promise=promises[0 if is_for_vip else priority],
    )


def _steps(usual: timedelta, dice: Random) -> Iterator[Step]:
    """Yield what is done: some ask a question, some wait for a part, some come back."""
    work, waits, stops = (spread(span, dice) for span in (usual, ANSWERED, UNBLOCKED))
    if dice.random() < AWAITING:
        yield Step(work, waits)
        work = spread(usual / 2, dice)
    if dice.random() < BLOCKED:
        yield Step(work, stops)
        work = spread(usual / 2, dice)
    again, back = spread(usual, dice), spread(BACK, dice)
    if dice.random() < REOPENED:
        yield Step(work, back)
        work = again
    yield Step(work)


def _promises() -> dict[int, Promise]:
    """Return what a new tenant promises: by priority, and (0) to VIPs."""
    found: dict[int, Promise] = {}
    for row in CATALOGUE:
        hours = hours_from_json({"tz": "UTC", "weekly": HOURS[row.calendar], "holidays": []})
        promise = Promise(row.response, row.resolution, hours)
        found |= {int(priority): promise for priority in row.priorities or (0,)}
    return found


def _person(pk: int, began: datetime, days: int, dice: Random) -> Person:
    first = pk + pk // len(SHIFTS)
    known = {(first + step) % len(FIELDS): dice.randint(2, TOP_LEVEL) for step in KNOWS}
    roster = _roster(pk, began.date(), days, dice)
    return Person(
        pk=pk,
        levels=known,
        speed=dice.lognormvariate(0, SPEED),
        is_for_vips=pk % FOR_VIPS == 1,
        roster=roster,
        windows=list(_there(roster, began, days, dice)),
    )


def _roster(pk: int, first: date, days: int, dice: Random) -> WorkingHours:
    spans, weekdays = SHIFTS[pk % len(SHIFTS)]
    shifts = [
        Shift(weekday, int(opens * 3600), int(closes * 3600))
        for weekday in weekdays
        for opens, closes in spans
    ]
    off = [first + n * DAY for n in range(days) if dice.random() < LEAVE]
    return hours_of(ZONE, shifts, [Change(day, day) for day in off])


def _there(
    roster: WorkingHours, began: datetime, days: int, dice: Random
) -> Iterator[tuple[datetime, datetime]]:
    """Yield when somebody is there in fact: who falls ill goes home at once, until tomorrow."""
    ill_until = began
    for opens, closes in roster.windows(began, began + days * DAY):
        falls_ill, share = dice.random() < ILL, dice.random()
        if opens < ill_until:
            continue
        if falls_ill:
            goes = (opens + share * (closes - opens)).replace(microsecond=0)
            ill_until = datetime.combine(goes.date() + DAY, datetime.min.time(), UTC)
            yield opens, goes
        else:
            yield opens, closes
