"""Who stands where over a piece of work, and who is told in their place. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

MOST_HOPS = 5


class Post(StrEnum):
    """Where somebody may stand who is looked for."""

    ASSIGNEE = "assignee"
    SENIOR = "senior"
    HEAD = "head"
    OPERATIONS = "operations"
    LEAD = "lead"
    MANAGERS = "managers"
    LEADS = "leads"
    DESK = "desk"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the desk. `knows_vips`: they may see who is one."""

    pk: int
    name: str
    zone: str = "UTC"
    away_until: datetime | None = None
    stands_in: int | None = None
    knows_vips: bool = False
    site: int | None = None

    def is_away(self, now: datetime) -> bool:
        return self.away_until is not None and now < self.away_until


@dataclass(frozen=True, slots=True)
class Unit:
    """A department: its head, and the department above it."""

    head: int | None
    parent: int | None = None


@dataclass(frozen=True)
class Organisation:
    """Who may be told, how they stand to each other, and who of them is at the `desk`."""

    people: Mapping[int, Person]
    departments: Mapping[int, Unit] = field(default_factory=dict)
    managers: tuple[int, ...] = ()
    leads: tuple[int, ...] = ()
    desk: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a piece of work stands in the organisation. `for_whom` must not be told."""

    assignee: int | None = None
    backup: int | None = None
    lead: int | None = None
    senior: int | None = None
    department: int | None = None
    lead_department: int | None = None
    site: int | None = None
    operations: int | None = None
    for_whom: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Told:
    """Who is told, standing where; `instead_of` names who is away."""

    person: Person
    post: Post
    instead_of: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """Who is reached, and the posts at which nobody was."""

    told: tuple[Told, ...] = ()
    passed: tuple[Post, ...] = ()


@dataclass(frozen=True, slots=True)
class Search:
    """Looks for people at one instant; with `only_knowing`, for those who may know of VIPs."""

    organisation: Organisation
    place: Place
    now: datetime
    only_knowing: bool = False

    def find(self, ladder: Sequence[Post]) -> Found:
        """Return who is told of these posts: those at the first where somebody is."""
        passed: list[Post] = []
        for post in ladder:
            for group in self._groups(post):
                told = tuple(filter(None, (self._present(pk, post) for pk in group)))
                if told:
                    return Found(told, tuple(passed))
            passed.append(post)
        return Found((), tuple(passed))

    def _groups(self, post: Post) -> Iterator[Iterable[int]]:
        """Yield who stands at a post, the first choice first."""
        place = self.place
        match post:
            case Post.ASSIGNEE | Post.LEAD | Post.SENIOR | Post.OPERATIONS:
                holder = getattr(place, post.value)
                yield [holder] if holder else []
            case Post.HEAD:
                yield from ([head] for head in self._heads())
            case Post.MANAGERS:
                managers = self.organisation.managers
                yield [pk for pk in managers if self._site_of(pk) == place.site]
                yield managers
            case Post.LEADS:
                yield self.organisation.leads
            case Post.DESK:
                yield self.organisation.desk

    def _heads(self) -> Iterator[int]:
        """Yield the heads of the ticket's department and above it, then those over its lead."""
        units, seen = self.organisation.departments, set[int]()
        for start in (self.place.department, self.place.lead_department):
            at = start
            while at is not None and at in units and at not in seen:
                seen.add(at)
                if head := units[at].head:
                    yield head
                at = units[at].parent

    def _present(self, pk: int, post: Post) -> Told | None:
        """Return the person, or who stands in for them; None where nobody is there."""
        absent: list[str] = []
        seen: set[int] = set()
        at: int | None = pk
        while at is not None and at not in seen and len(seen) < MOST_HOPS:
            seen.add(at)
            person = self.organisation.people.get(at)
            if person is None:
                return None
            if not person.is_away(self.now):
                told = Told(person, post, absent[0] if absent else "")
                return told if self._may(person) else None
            absent.append(person.name)
            at = person.stands_in
        return None

    def _may(self, person: Person) -> bool:
        is_outsider = person.pk in self.place.for_whom
        return not is_outsider and (person.knows_vips or not self.only_knowing)

    def _site_of(self, pk: int) -> int | None:
        person = self.organisation.people.get(pk)
        return person.site if person else None
