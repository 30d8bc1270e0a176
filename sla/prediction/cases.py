"""What prediction knows of a ticket or of a line of a log, in one shape. Instants are epoch
seconds."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

SEPARATOR = "\x1f"


class Known(StrEnum):
    """How much is known when a case is looked at."""

    INTAKE = "intake"
    TEAM = "team"
    ASSIGNEE = "assignee"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class Moment:
    """How a case stood from an instant on."""

    at: int
    stage: str
    team: str = ""
    assignee: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """An instant at which a case is judged, and which share of its target was used up by then."""

    at: int
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """Something that was opened and, perhaps, resolved.

    `facts` are what was stated at the opening. `known_at` is when it became known whether the
    target was met: nothing may be learned of the case before that. None: it is not known yet.
    `team` and `assignee` are the first that were named. It is judged at each of its `looks`.
    """

    key: str
    opened_at: int
    facts: Mapping[str, str]
    moments: tuple[Moment, ...] = ()
    looks: tuple[Look, ...] = ()
    known_at: int | None = None
    resolved_at: int | None = None
    is_breached: bool = False
    team: str = ""
    assignee: str = ""

    @property
    def requester(self) -> str:
        return self.facts.get("requester", "")

    @property
    def seconds(self) -> int | None:
        """Return how long it took; None for one that is not resolved."""
        return None if self.resolved_at is None else max(0, self.resolved_at - self.opened_at)


@dataclass(frozen=True, slots=True)
class Scheme:
    """Of which facts a history is kept: single ones, and several that only mean much together."""

    facts: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...] = ()

    @property
    def intake(self) -> tuple[tuple[str, ...], ...]:
        return (*((name,) for name in self.facts), *self.pairs)


TEAM_KEYS = (("team",), ("team", "subcategory"), ("team", "priority"))
ASSIGNEE_KEYS = (("assignee",), ("assignee", "subcategory"), ("assignee", "team"))
# A ticket of Nova. Nothing here tells a VIP from anybody else.
TICKET = Scheme(
    facts=(
        "priority",
        "impact",
        "urgency",
        "kind",
        "type",
        "module",
        "source",
        "category",
        "subcategory",
        "service",
        "department",
        "site",
        "requester",
        "submitted_by",
    ),
    pairs=(("category", "priority"), ("submitted_by", "category"), ("site", "subcategory")),
)


def keys_of(scheme: Scheme, known: Known) -> tuple[tuple[str, ...], ...]:
    """Return the combinations of facts whose history tells something, given what is known."""
    keys = scheme.intake
    if known != Known.INTAKE:
        keys = (*keys, *TEAM_KEYS)
    return (*keys, *ASSIGNEE_KEYS) if known in (Known.ASSIGNEE, Known.MOMENT) else keys


def value_of(key: tuple[str, ...], facts: Mapping[str, str]) -> str:
    """Return what a case says for a key, as its history is kept under."""
    return SEPARATOR.join(facts.get(name, "") for name in key)
