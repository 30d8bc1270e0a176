"""What routing knows of a ticket or of an incident of a log, in one shape. Instants are epoch
seconds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

SEPARATOR = "\x1f"
# What says more together than each by itself.
PAIRS = (
    ("category", "subcategory"),
    ("subcategory", "symptom"),
    ("location", "subcategory"),
    ("submitted_by", "subcategory"),
    ("requester", "category"),
)


@dataclass(frozen=True, slots=True)
class Case:
    """Something that was opened and, perhaps, settled by a team.

    `facts` are what was stated at the opening, `first` the team that was named first, `settled_by`
    the one that had it at its end, known since `known_at`; "" and None: it is not over.
    """

    key: str
    opened_at: int
    facts: Mapping[str, str]
    first: str = ""
    settled_by: str = ""
    known_at: int | None = None
    moves: int = 0


def features_of(facts: Mapping[str, str]) -> Iterator[str]:
    """Yield what a router may have learned of a case with these facts."""
    for name, value in facts.items():
        if value:
            yield f"{name}{SEPARATOR}{value}"
    for pair in PAIRS:
        values = [facts.get(name, "") for name in pair]
        if all(values):
            yield SEPARATOR.join((*pair, *values))
