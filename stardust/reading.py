"""Ask what people earned, and what a tenant has settled about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Sum
from django.db.models.functions import TruncWeek

from nova.accounts.models import Team, User
from nova.accounts.zones import zone_named
from stardust.models import Entry, OptOut, StardustSettings

WEEK, WEEKS = timedelta(weeks=1), 8


@dataclass(frozen=True)
class Week:
    """What somebody earned from a Monday on, of which `bar` is the percent of their best week."""

    monday: date
    points: int
    bar: int = 0


@dataclass(frozen=True)
class Line:
    """What a person earned, week by week, and in all of them."""

    person_id: int
    name: str
    weeks: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.weeks)


def settled_in(tenant_id: int) -> StardustSettings:
    """Return what a tenant has settled about Stardust, or the first values."""
    found = StardustSettings.objects.filter(tenant=tenant_id).first()
    return found or StardustSettings(tenant_id=tenant_id)


def is_on_for(user: User) -> bool:
    """Say whether there is Stardust where a person works."""
    return settled_in(user.tenant_id).is_on


def takes_part(person: User) -> bool:
    return not OptOut.objects.standing().filter(person=person).exists()


def day_of(person: User, at: datetime) -> date:
    """Return the day that an instant is in where a person is."""
    return at.astimezone(zone_named(person.zone)).date()


def mondays(today: date) -> tuple[date, ...]:
    """Return the beginnings of the last weeks, this one last."""
    monday = today - timedelta(days=today.weekday())
    return tuple(monday - WEEK * ago for ago in reversed(range(WEEKS)))


def weeks_of(person: User, *, today: date) -> tuple[Week, ...]:
    """Return what a person earned in the last weeks, as far as they may know."""
    starts = mondays(today)
    found = Entry.objects.visible_to(person).filter(person=person, day__gte=starts[0])
    sums = dict(found.values_list(TruncWeek("day")).annotate(Sum("points")).order_by())
    best = max(sums.values(), default=0)
    return tuple(
        Week(monday, points, max(0, 100 * points // best) if best > 0 else 0)
        for monday in starts
        for points in (sums.get(monday, 0),)
    )


def lines_of(viewer: User, *, today: date, team: Team | None = None) -> list[Line]:
    """Return what those who take part earned in the last weeks, by their names.

    The sums hold what the viewer may know of. Who earned nothing is not told apart from who
    takes no part.
    """
    starts = mondays(today)
    found = Entry.objects.visible_to(viewer).of_those_who_take_part()
    found = found.filter(day__gte=starts[0])
    if team:
        found = found.filter(person__teams=team)
    sums = found.values_list("person", "person__name", TruncWeek("day")).annotate(Sum("points"))
    people: dict[tuple[str, int], dict[date, int]] = {}
    for person_id, name, monday, points in sums.order_by():
        people.setdefault((name, person_id), {})[monday] = points
    return list(_lines(people, starts))


def _lines(
    people: dict[tuple[str, int], dict[date, int]], starts: tuple[date, ...]
) -> Iterator[Line]:
    for name, person_id in sorted(people, key=lambda key: (key[0].casefold(), key[1])):
        weeks = people[name, person_id]
        yield Line(person_id, name, tuple(weeks.get(monday, 0) for monday in starts))
