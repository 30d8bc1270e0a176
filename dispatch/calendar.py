"""The team's calendar: who works when, day by day, in the time of who looks at it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from dispatch.attendance.gateway import gateway_of
from dispatch.attendance.words import doubt_words
from dispatch.choices import ChangeKind
from dispatch.engine.facts import Presence
from dispatch.models import Engineer, RosterChange
from dispatch.presence import Kept, kept_of, zone_of
from nova.accounts.models import Team, User
from nova.accounts.zones import zone_named
from nova.web.words import present_reader

DAYS = 14
ONE = timedelta(days=1)
MINUTES = 24 * 60
MANAGE = "dispatch.manage_engineers"


class Bar(NamedTuple):
    """Hours of one day, in minutes of it, and in words."""

    begin: int
    length: int
    words: str


@dataclass(frozen=True)
class Cell:
    """A day of somebody: their hours, and what it is otherwise, in a word."""

    day: date
    bars: tuple[Bar, ...]
    word: str = ""
    is_away: bool = False


@dataclass(frozen=True)
class Line:
    """Somebody's days, and whether they are at work now.

    `doubt` says by what they are held to be there, where that is not the plain answer.
    """

    engineer: Engineer
    presence: Presence
    doubt: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Group:
    """The lines of a team; `team` None: of nobody's team."""

    team: Team | None
    lines: list[Line]


@dataclass(frozen=True)
class Calendar:
    """Two weeks of everybody, by team. `now_minute` is where today's line stands."""

    days: tuple[date, ...]
    today: date
    now_minute: int
    groups: list[Group]
    lines: list[Line]

    @property
    def present(self) -> list[Line]:
        """Return who is at work now, who leaves first before the others."""
        here = [line for line in self.lines if line.presence.until is not None]
        return sorted(here, key=lambda line: (line.presence.until, line.engineer.pk))

    @property
    def doubt(self) -> str:
        """Return what is to be said of everybody alike, once; or ""."""
        said = {line.doubt for line in self.lines}
        return said.pop() if len(said) == 1 else ""


def calendar_of(viewer: User, monday: date, now: datetime, team: Team | None = None) -> Calendar:
    """Return two weeks from a Monday on, in as many queries for few as for many."""
    zone = zone_named(viewer.zone)
    days = tuple(monday + ONE * number for number in range(DAYS))
    rows = Engineer.objects.filter(tenant=viewer.tenant_id).at_work().select_related("person")
    if team is not None:
        rows = rows.filter(person__teams=team)
    engineers = list(rows.prefetch_related("person__teams").order_by("person__name", "pk"))
    kept = kept_of(engineers, days[0] - 2 * ONE, days[-1] + 2 * ONE)
    present, reader = gateway_of(viewer.tenant_id)(engineers, now), present_reader(now)
    lines = [
        Line(
            engineer=each,
            presence=present[each.pk],
            doubt=doubt_words(present[each.pk], reader),
            cells=_cells(each, kept[each.pk], days, viewer),
        )
        for each in engineers
    ]
    local = now.astimezone(zone)
    minute = local.hour * 60 + local.minute
    return Calendar(days, local.date(), minute, _groups(lines, team), lines)


def monday_of(day: date) -> date:
    return day - ONE * day.weekday()


def knows_why(viewer: User, engineer: Engineer) -> bool:
    """Say whether somebody is told why an engineer is away: they are, and who plans with it."""
    return viewer.pk == engineer.person_id or viewer.has_perm(MANAGE)


def word_of(change: RosterChange, *, is_told: bool) -> str:
    """Return what a change is called to who may know why, and to others."""
    if is_told or change.kind == ChangeKind.HOURS:
        return str(change.get_kind_display())
    return _("Away")


def _groups(lines: Sequence[Line], only: Team | None) -> list[Group]:
    found: dict[int | None, Group] = {}
    for line in lines:
        teams: list[Team | None] = [*line.engineer.person.teams.all()]
        if only is not None:
            teams = [only]
        for team in teams or [None]:
            group = found.setdefault(team.pk if team else None, Group(team, []))
            group.lines.append(line)
    return sorted(found.values(), key=lambda group: (group.team is None, str(group.team)))


def _cells(engineer: Engineer, kept: Kept, days: Sequence[date], viewer: User) -> tuple[Cell, ...]:
    hours, zone = kept.hours(zone_of(engineer)), zone_named(viewer.zone)
    bars: dict[date, list[Bar]] = defaultdict(list)
    begin, end = (datetime.combine(day, time(), zone) for day in (days[0], days[-1] + ONE))
    for opens, closes in hours.windows(begin, end):
        for day, bar in _split(opens.astimezone(zone), closes.astimezone(zone)):
            bars[day].append(bar)
    is_told = knows_why(viewer, engineer)
    changed = {day: change for change in kept.changes for day in _days_within(change, days)}
    return tuple(_cell(day, bars[day], changed.get(day), is_told=is_told) for day in days)


def _cell(day: date, bars: Sequence[Bar], change: RosterChange | None, *, is_told: bool) -> Cell:
    if change is None:
        return Cell(day, tuple(bars))
    is_away = change.kind != ChangeKind.HOURS
    return Cell(day, tuple(bars), word_of(change, is_told=is_told), is_away=is_away)


def _days_within(change: RosterChange, days: Sequence[date]) -> Iterator[date]:
    yield from (day for day in days if change.first <= day <= change.last)


def _split(opens: datetime, closes: datetime) -> Iterator[tuple[date, Bar]]:
    """Yield the hours of a window day by day, by the clock on the wall."""
    day = opens.date()
    while day <= closes.date():
        begin = opens.hour * 60 + opens.minute if day == opens.date() else 0
        end = closes.hour * 60 + closes.minute if day == closes.date() else MINUTES
        if end > begin:
            yield day, Bar(begin, end - begin, f"{_face(begin)}\u2013{_face(end)}")
        day += ONE


def _face(minute: int) -> str:
    """Return a time as short as it can be told: 8, 8:30, 24."""
    hour, rest = divmod(minute, 60)
    return f"{hour}:{rest:02}" if rest else str(hour)
