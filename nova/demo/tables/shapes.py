"""The shapes that the demo's tables have."""

from dataclasses import dataclass, field
from datetime import time

from nova.accounts.choices import ProxyScope
from tickets.choices import Kind, Level, Module, TicketType

HIGH, MEDIUM, LOW = Level.HIGH, Level.MEDIUM, Level.LOW


@dataclass(frozen=True)
class Person:
    """Somebody of the demo. `email` is the part before the @; `role` a seeded role's key."""

    email: str
    name: str
    title: str
    department: str
    site: str
    floor: str
    role: str = "requester"
    teams: tuple[str, ...] = ()


@dataclass(frozen=True)
class Place:
    """A site with its floors."""

    name: str
    region: str
    zone: str
    floors: tuple[str, ...]


@dataclass(frozen=True)
class Honour:
    """A VIP designation: its target by kind and name, in days before now."""

    kind: str
    target: str
    level: str
    source: str
    reason: str
    since_days: int
    until_days: int | None = None


@dataclass(frozen=True)
class Promise:
    """Other targets for the VIPs of a department, for some days after now."""

    department: str
    minutes: dict[str, int]  # by metric
    reason: str
    from_days: int
    until_days: int


@dataclass(frozen=True)
class CastGroup:
    """A group as the identity provider keeps it, its members, and the team that it brings."""

    name: str
    external_id: str
    members: tuple[str, ...]
    team: str = ""


@dataclass(frozen=True)
class Ruling:
    """A VIP rule: whose attribute compares so, in days before now."""

    name: str
    level: str
    clauses: tuple[tuple[str, str, str], ...]
    reason: str
    since_days: int


@dataclass(frozen=True)
class Trust:
    """That `proxy` acts for `person`, both by what stands before their @, in days before now."""

    person: str
    proxy: str
    scopes: tuple[ProxyScope, ...]
    reason: str
    since_days: int
    until_days: int | None = None


@dataclass(frozen=True)
class Overheard:
    """A ticket whose words say that it is for a VIP; people by what stands before their @."""

    email: str
    title: str
    description: str
    service: str


@dataclass(frozen=True)
class Opening:
    """A calendar: spans by weekday, the public holidays of its place, and days of its own.

    `half_days` are lines as an admin writes them, with the month and the day only.
    """

    name: str
    zone: str
    weekly: dict[str, list[list[str]]]
    country: str
    subdivision: str = ""
    half_days: tuple[str, ...] = ()
    drafted: dict[str, list[list[str]]] | None = None  # what somebody thinks of changing


@dataclass(frozen=True)
class Absence:
    """Days on which an engineer is not there, counted from now; why, in a word and in words."""

    kind: str
    first: int
    last: int
    reason: str


@dataclass(frozen=True)
class Engineer:
    """What somebody of the cast brings to work; papers by how many days they are valid."""

    email: str
    week: tuple[tuple[int, time, time], ...]
    skills: dict[str, int]
    languages: tuple[str, ...]
    certificates: dict[str, int | None] = field(default_factory=dict)
    absences: tuple[Absence, ...] = ()
    capacity: int = 1000
    is_for_vips: bool = False


@dataclass(frozen=True)
class Need:
    """What work of a service, or of a subcategory, asks for: a skill or a certificate."""

    of: str
    skill: str = ""
    certificate: str = ""
    level: int = 1
    is_category: bool = False
    is_mandatory: bool = True


@dataclass(frozen=True)
class Organisation:
    """A tenant of the demo."""

    slug: str
    name: str
    domain: str
    places: tuple[Place, ...]
    departments: dict[str, str]  # and the head of each
    teams: dict[str, str]  # and the lead of each
    seniors: dict[str, str]  # by team its senior engineer
    operations: dict[str, str]  # by site its operations manager
    services: dict[str, str]  # and the team that runs each
    people: tuple[Person, ...]
    honours: tuple[Honour, ...]
    trusts: tuple[Trust, ...]
    tickets: int
    rulings: tuple[Ruling, ...] = ()
    promises: tuple[Promise, ...] = ()
    openings: tuple[Opening, ...] = ()
    shows_vips_to_technicians: bool = False
    groups: tuple[CastGroup, ...] = ()
    hired: str = ""  # the name of a file beside this one, of people who are imported
    overheard: tuple[Overheard, ...] = ()
    crew: tuple[Engineer, ...] = ()
    needs: tuple[Need, ...] = ()


@dataclass(frozen=True)
class Case:
    """Something that people ask a desk for, again and again, and how it usually goes.

    Braces are filled from `tables.details`. `ask` and `answer` are what the technician wants to
    know and the requester says; `blocker` is what it may wait for.
    """

    title: str
    description: str
    category: str
    subcategory: str
    service: str
    resolution: str
    code: str
    ask: str
    answer: str
    note: str
    kind: str = Kind.INCIDENT
    type: str = TicketType.INTERNAL
    module: str = Module.IT
    impact: str = MEDIUM
    urgency: str = MEDIUM
    blocker: str = ""
    minutes: int = 25
    tags: tuple[str, ...] = ()
