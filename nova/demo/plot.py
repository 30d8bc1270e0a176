"""Make up what happens to the demo's tickets, minute by minute. Pure, but for the dice.

Each ticket gets its whole life; what would lie after now is left out, so the youngest are open.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random
from typing import Any

from nova.demo.tables.details import (
    AGAIN,
    DETAILS,
    GREETINGS,
    RATINGS,
    STILL_WAITING,
    TAKEN,
    THANKS,
)
from nova.demo.tables.shapes import HIGH, Case, Person
from tickets.choices import Source, Status
from tickets.rules import priority_of

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
OPENS, CLOSES = 7, 18  # UTC, of the people at the desk
SATURDAY = 5
# Chances in a hundred.
QUESTION, NOTE, DIAGNOSIS, TIME, FILE, WATCHER, RAISED = 28, 30, 25, 40, 10, 10, 4
SEEN, BLOCKED, REOPENED, THANKED, RATED = 55, 25, 6, 40, 55
# How long until somebody takes it, and until it is solved, by priority; a beta shape around it.
TAKEN_AFTER = {1: 6 * MINUTE, 2: 18 * MINUTE, 3: 50 * MINUTE, 4: 2 * HOUR, 5: 5 * HOUR}
VIP_TAKEN_AFTER = 4 * MINUTE
SOLVED_AFTER = {1: 70 * MINUTE, 2: 3 * HOUR, 3: 6 * HOUR, 4: 20 * HOUR, 5: 40 * HOUR}
VIP_SOLVED_AFTER = 28 * MINUTE
SOURCES = [Source.PORTAL] * 6 + [Source.EMAIL] * 3 + [Source.MOBILE, Source.API]


@dataclass(frozen=True)
class Role:
    """Who takes part in a ticket, what it is about, and what fills its braces."""

    case: Case
    requester: Person
    submitter: Person
    worker: Person
    team: str
    watcher: Person
    details: dict[str, str]
    is_for_vip: bool = False

    def words(self, text: str) -> str:
        return text.format(**self.details)

    @property
    def priority(self) -> int:
        return priority_of(self.case.impact, self.case.urgency)


@dataclass(frozen=True)
class Scene:
    """One thing that somebody does to one ticket. `says` are the words of the verb in `play`."""

    at: datetime
    ticket: int
    role: Role
    verb: str
    who: Person
    says: dict[str, Any] = field(default_factory=dict)


def details(dice: Random, site: str) -> dict[str, str]:
    """Return one choice for each pair of braces."""
    return {"site": site, **{name: dice.choice(words) for name, words in DETAILS.items()}}


class Ending(StrEnum):
    """How far a ticket comes, if there is time enough."""

    SOLVED = "solved"
    WAITING = "waiting"  # for somebody else, and it goes on waiting
    WORKED_ON = "worked on"
    BACK = "back"  # solved, and then it was not
    FORGOTTEN = "forgotten"  # nobody ever takes it


def life(
    number: int, role: Role, opened_at: datetime, dice: Random, ending: Ending, *, detail: float
) -> Iterator[Scene]:
    """Yield all that ever happens to a ticket, in order. `detail`: how much goes on beside it."""
    told = _Life(number, role, opened_at, dice, detail)
    yield told.open()
    if ending == Ending.FORGOTTEN:
        return
    yield from told.take()
    if ending in (Ending.WORKED_ON, Ending.BACK):
        yield from told.go_on() if ending == Ending.WORKED_ON else told.come_back()
        return
    yield from told.work()
    if ending == Ending.WAITING:
        yield from told.wait()
        return
    yield from told.solve()
    if told.chance(REOPENED):
        yield from told.again()
    yield from told.close()


class _Life:
    """A ticket's life while it is told: `at` moves on with each scene.

    `detail` scales all that may happen by the way, from 1 down to 0.
    """

    def __init__(self, number: int, role: Role, at: datetime, dice: Random, detail: float) -> None:
        self.number, self.role, self.at, self.dice, self.detail = number, role, at, dice, detail
        self.is_urgent = role.is_for_vip or role.case.urgency == HIGH

    def chance(self, percent: int) -> bool:
        return self.dice.random() * 100 < percent * self.detail

    def open(self) -> Scene:
        return self._scene("open", self.role.submitter, source=self.dice.choice(SOURCES))

    def take(self) -> Iterator[Scene]:
        role = self.role
        self._wait(VIP_TAKEN_AFTER if role.is_for_vip else TAKEN_AFTER[role.priority])
        yield self._scene("assign", role.worker, reason="")
        if self.chance(SEEN):
            yield self._move(Status.ACKNOWLEDGED)
        if self.chance(100):
            name = role.submitter.name.split()[0]
            hello = self.dice.choice(GREETINGS).format(name=name)
            yield self._say(role.worker, f"{hello}\n\n{self.dice.choice(TAKEN)}", MINUTE)
        if self.chance(WATCHER):
            yield self._scene("watch", role.worker, person=role.watcher)
        if self.chance(RAISED):
            yield self._scene("edit", role.worker, changes={"urgency": HIGH})

    def work(self) -> Iterator[Scene]:
        role = self.role
        if self.chance(DIAGNOSIS):
            self._wait(10 * MINUTE)
            yield self._move(Status.DIAGNOSING)
        if self.chance(NOTE):
            yield self._say(role.worker, role.words(role.case.note), 6 * MINUTE, internal=True)
        if self.chance(FILE):
            yield self._scene("attach", role.submitter)
        if self.chance(QUESTION):
            yield from self._question()
        else:
            self._wait(5 * MINUTE)
            yield self._move(Status.IN_PROGRESS)
        if role.case.blocker and self.chance(BLOCKED):
            yield self._move(Status.AWAITING_DEPENDENCY, role.words(role.case.blocker))
            self._wait(SOLVED_AFTER[role.priority])
            yield self._move(Status.IN_PROGRESS, "It has come")

    def go_on(self) -> Iterator[Scene]:
        """Work on it without an end: look for the cause, or try."""
        role = self.role
        self._wait(5 * MINUTE)
        yield self._move(self.dice.choice((Status.DIAGNOSING, Status.IN_PROGRESS)))
        yield self._say(role.worker, role.words(role.case.note), 6 * MINUTE, internal=True)

    def come_back(self) -> Iterator[Scene]:
        """Solve it, and hear soon that it is not."""
        yield from self.go_on()
        yield from self.solve()
        self._wait(10 * MINUTE)
        yield self._move(Status.REOPENED, self.dice.choice(AGAIN), who=self.role.submitter)

    def wait(self) -> Iterator[Scene]:
        """Wait for somebody else: a supplier, a decision, the requester."""
        role = self.role
        self._wait(15 * MINUTE)
        if self.chance(50):
            yield self._say(role.worker, role.words(role.case.ask), MINUTE)
            yield self._move(Status.AWAITING_CUSTOMER, "Answer to our question")
            return
        reason = role.words(role.case.blocker or "Answer of the supplier")
        yield self._move(Status.AWAITING_DEPENDENCY, reason)
        self._wait(DAY)
        yield self._say(role.submitter, self.dice.choice(STILL_WAITING), MINUTE)

    def solve(self) -> Iterator[Scene]:
        role, case = self.role, self.role.case
        self._wait(VIP_SOLVED_AFTER if role.is_for_vip else SOLVED_AFTER[role.priority])
        if self.chance(TIME):
            spread = self.dice.choice((0.5, 0.8, 1.0, 1.5))
            minutes = max(5, round(case.minutes * spread / 5) * 5)
            yield self._scene(
                "track", role.worker, minutes=minutes, note=role.words(case.resolution)
            )
        yield self._say(role.worker, role.words(case.resolution), MINUTE)
        yield self._move(
            Status.RESOLVED, resolution=role.words(case.resolution), resolution_code=case.code
        )

    def again(self) -> Iterator[Scene]:
        role = self.role
        self._wait(3 * HOUR)
        yield self._say(role.submitter, self.dice.choice(AGAIN), MINUTE)
        yield self._move(Status.REOPENED, "The requester says that it is back", who=role.submitter)
        self._wait(TAKEN_AFTER[role.priority])
        yield self._move(Status.IN_PROGRESS)
        yield from self.solve()

    def close(self) -> Iterator[Scene]:
        role = self.role
        if self.chance(THANKED):
            self._wait(2 * HOUR)
            yield self._say(role.submitter, self.dice.choice(THANKS), MINUTE)
            yield self._move(Status.CLOSED, "The requester agrees", who=role.submitter)
        else:
            self._wait(3 * DAY)
            yield self._move(Status.CLOSED, "No objection after three days")
        if self.dice.random() * 100 < RATED:  # long ago, too: reports need them
            yield self._rate()

    def _rate(self) -> Scene:
        """Answer how it was: a VIP is as hard to please as anybody."""
        score = self.dice.choices(list(RATINGS), [share for share, _words in RATINGS.values()])[0]
        words = self.dice.choice(RATINGS[score][1])
        self.at += 5 * MINUTE
        return self._scene("rate", self.role.submitter, score=score, comment=words)

    def _question(self) -> Iterator[Scene]:
        role, case = self.role, self.role.case
        yield self._say(role.worker, role.words(case.ask), 4 * MINUTE)
        yield self._move(Status.AWAITING_CUSTOMER, "Answer to our question")
        self._wait(90 * MINUTE)
        yield self._say(role.submitter, role.words(case.answer), MINUTE)

    def _move(self, to: Status, reason: str = "", who: Person | None = None, **said: str) -> Scene:
        return self._scene("move", who or self.role.worker, to=to, reason=reason, **said)

    def _say(self, who: Person, body: str, after: timedelta, *, internal: bool = False) -> Scene:
        self.at += after * self.dice.uniform(0.5, 2)
        return self._scene("say", who, body=body, is_internal=internal)

    def _scene(self, verb: str, who: Person, **says: Any) -> Scene:
        scene = Scene(self.at, self.number, self.role, verb, who, says)
        self.at += timedelta(seconds=self.dice.randrange(5, 90))
        return scene

    def _wait(self, usual: timedelta) -> None:
        """Let time pass: about `usual`, seldom much longer; ordinary work rests at night."""
        self.at += usual * (0.3 + 1.6 * self.dice.betavariate(1.6, 3.2))
        if not self.is_urgent:
            self.at = at_work(self.at, self.dice)


def at_work(at: datetime, dice: Random) -> datetime:
    """Return `at`, or a moment of the next morning when nobody is at the desk then."""
    while at.weekday() >= SATURDAY or not OPENS <= at.hour < CLOSES:
        tomorrow = at if at.hour < OPENS else at + DAY
        at = tomorrow.replace(hour=OPENS, minute=dice.randrange(60), second=dice.randrange(60))
        if at.weekday() >= SATURDAY:
            at = at.replace(hour=CLOSES)
    return at
