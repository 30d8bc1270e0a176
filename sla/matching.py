"""Which tickets a policy is for, and why not another. Pure; no models, no clock."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

Value = str | int
# By property the values of which one must hold. A property that is absent is for every ticket.
Conditions = Mapping[str, frozenset[Value]]


class Facts(NamedTuple):
    """What policies look at: of a draft, of the fact that a ticket was opened, or of a ticket.

    Things with a row of their own are ids, None where there is none; tags are names.
    """

    priority: int
    type: str
    kind: str
    module: str
    vip_level: str = ""
    category: int | None = None
    subcategory: int | None = None
    service: int | None = None
    department: int | None = None
    region: int | None = None
    organisation: int | None = None
    tags: tuple[str, ...] = ()
    team: int | None = None  # whose OLA it is; no condition
    requester: int | None = None  # who may have an override; no condition

    def values_of(self, name: str) -> frozenset[Value]:
        """Return what the ticket has of a property; a subcategory is a category too."""
        if name == "tags":
            return frozenset(self.tags)
        if name == "category":
            return frozenset(filter(None, (self.category, self.subcategory)))
        value = getattr(self, name)
        return frozenset() if value in {None, ""} else frozenset({value})


PROPERTIES = (
    *("priority", "type", "kind", "module", "category", "service"),
    *("department", "region", "organisation", "vip_level", "tags"),
)
# The fields of a ticket whose edit may bring another policy.
WATCHED = frozenset({*PROPERTIES, "subcategory", "requester"}) - {"organisation", "vip_level"}


def conditions_of(stated: Mapping[str, Iterable[Value]]) -> Conditions:
    """Return conditions as they are matched; a property without values is no condition."""
    return {name: frozenset(values) for name, values in stated.items() if values}


def refusing(conditions: Conditions, facts: Facts) -> list[str]:
    """Return the properties for which a policy is not for such a ticket; none if it is."""
    return [
        name
        for name in PROPERTIES
        if name in conditions and conditions[name].isdisjoint(facts.values_of(name))
    ]


def is_for(conditions: Conditions, facts: Facts) -> bool:
    """Say whether a policy is for such a ticket."""
    return all(
        not allowed.isdisjoint(facts.values_of(name)) for name, allowed in conditions.items()
    )


def is_for_vips(conditions: Conditions) -> bool:
    """Say whether a policy is for VIPs only: those get the better of it and of everybody's."""
    return "vip_level" in conditions
