"""When the demo's tickets are opened, and who has a part in each. Pure, but for the dice."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from nova.demo.plot import DAY, MINUTE, SATURDAY, Ending, Role, Scene, details, life
from nova.demo.tables.broadcast import BROADCAST, EXECUTIVE
from nova.demo.tables.infrastructure import INFRASTRUCTURE
from nova.demo.tables.shapes import HIGH, Case, Organisation, Person
from nova.demo.tables.workplace import WORKPLACE
from tickets.choices import TicketType

WORKERS = {"technician", "field_engineer", "lead"}
DAYS = 30
# Of what is long done less is told: nobody reads it, and each word costs time on a first start.
VIVID, FAINT = 9 * DAY, 0.35
# Of a day's openings: few at night, most before noon and after lunch.
HOURS = [1, 1, 1, 1, 1, 2, 6, 14, 22, 24, 20, 14, 12, 18, 20, 16, 10, 6, 4, 3, 3, 2, 2, 1]
# Chances: of waiting for long, of being a VIP's, of an opening at a weekend, of coming through the
# assistant, and of a fresh one in the smaller organisation.
WAITS, VIP, WEEKEND, ASSISTED, SMALLER = 0.08, 0.05, 0.15, 0.5, 0.5


class Wish(StrEnum):
    """What kind of ticket an opening is to be."""

    ANY = "any"
    PRESSING = "pressing"  # high impact and urgency, and not solved
    FOR_VIP = "for a VIP"
    VIP_NOW = "for a VIP, and not solved"
    WORKED_ON = "worked on"
    BACK = "back again"
    FORGOTTEN = "forgotten"


# Minutes before now at which something came in, so that the queue is alive at any hour: some
# near their limits, a few beyond. What is a VIP's has been taken and has time left, so that the
# next one is seen to arrive on top; and nothing has waited so long yet that fairness lifts it.
LATELY = {
    Wish.ANY: (1, 4, 7, 12, 19, 26, 33, 48, 55, 71, 94, 130, 165, 210),
    Wish.PRESSING: (14, 52, 93, 110, 117, 150, 235),
    Wish.VIP_NOW: (10, 12, 14, 17),
    Wish.WORKED_ON: (38, 110, 240, 420, 700, 980, 1200, 1380),
    Wish.BACK: (360, 540),
    Wish.FORGOTTEN: (14 * 60 + 100, 19 * 60 + 40),
}
ENDINGS = {
    Wish.PRESSING: Ending.WORKED_ON,
    Wish.VIP_NOW: Ending.WORKED_ON,
    Wish.WORKED_ON: Ending.WORKED_ON,
    Wish.BACK: Ending.BACK,
    Wish.FORGOTTEN: Ending.FORGOTTEN,
}


def scenes(organisation: Organisation, now: datetime) -> list[Scene]:
    """Return all that happened in an organisation up to `now`, in the order of time."""
    dice = Random(organisation.slug)  # noqa: S311 - the same story each time, and no secret
    casting = _Casting(organisation, dice)
    told: list[Scene] = []
    for number, (at, wish) in enumerate(sorted(_openings(organisation, dice, now))):
        usual = Ending.WAITING if dice.random() < WAITS else Ending.SOLVED
        ending = ENDINGS.get(wish, usual)
        detail = 1.0 if at > now - VIVID else FAINT
        told += life(number, casting.role(wish), at, dice, ending, detail=detail)
    return sorted((scene for scene in told if scene.at <= now), key=lambda scene: scene.at)


def _openings(
    organisation: Organisation, dice: Random, now: datetime
) -> Iterator[tuple[datetime, Wish]]:
    lately = [(minutes, wish) for wish, times in LATELY.items() for minutes in times]
    share = SMALLER if organisation.tickets < len(lately) * 2 else 1
    lately = [pair for pair in lately if dice.random() < share]
    for minutes, wish in lately:
        yield now - minutes * MINUTE, wish
    for _ in range(organisation.tickets - len(lately)):
        yield _moment(dice, now), Wish.FOR_VIP if dice.random() < VIP else Wish.ANY


def _moment(dice: Random, now: datetime) -> datetime:
    while True:
        day = now - dice.uniform(0.2, DAYS) * DAY
        hour = dice.choices(range(24), HOURS)[0]
        at = day.replace(hour=hour, minute=dice.randrange(60), second=dice.randrange(60))
        is_weekend = at.weekday() >= SATURDAY
        if at < now - timedelta(hours=3) and (not is_weekend or dice.random() < WEEKEND):
            return at


class _Casting:
    """Deals out cases and people."""

    def __init__(self, organisation: Organisation, dice: Random) -> None:
        self.organisation, self.dice = organisation, dice
        self.people = {person.email: person for person in organisation.people}
        cases = (*WORKPLACE, *INFRASTRUCTURE, *BROADCAST)
        self.cases = [case for case in cases if case.service in organisation.services]
        self.pressing = [case for case in self.cases if case.impact == case.urgency == HIGH]
        self.special = [case for case in EXECUTIVE if case.service in organisation.services]
        everyone = organisation.people
        self.askers = [
            p for p in everyone if p.role in {"requester", "manager"} and p.email != "vip"
        ]

    def role(self, wish: Wish) -> Role:
        """Return who has a part in the next ticket, and what it is about."""
        for_vip = wish in {Wish.FOR_VIP, Wish.VIP_NOW}
        case = self._case(wish)
        requester = self.people["vip"] if for_vip else self._asker(case)
        is_assisted = for_vip and self.dice.random() < ASSISTED
        team = self.organisation.services[case.service]
        return Role(
            case=case,
            requester=requester,
            submitter=self.people["assistant"] if is_assisted else requester,
            worker=self._worker(team),
            team=team,
            watcher=self.dice.choice(self.askers),
            details=details(self.dice, requester.site),
            is_for_vip=for_vip,
        )

    def _asker(self, case: Case) -> Person:
        """Return a requester; for a customer, whoever looks after customers."""
        sellers = [person for person in self.askers if person.department.startswith("Sales")]
        is_customers = case.type == TicketType.CUSTOMER
        return self.dice.choice(sellers if sellers and is_customers else self.askers)

    def _case(self, wish: Wish) -> Case:
        tables = {
            Wish.FOR_VIP: self.special,
            Wish.VIP_NOW: self.special,
            Wish.PRESSING: self.pressing,
            Wish.BACK: self.pressing,  # what is urgent goes on at night too
        }
        return self.dice.choice(tables.get(wish, self.cases))

    def _worker(self, team: str) -> Person:
        people = self.organisation.people
        members = [p for p in people if team in p.teams and p.role in WORKERS]
        return self.dice.choice(members)
