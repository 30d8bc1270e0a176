"""What can be measured of a ticket: each app registers its own in a module `metrics`.

A report divides measures by what it knows, and need not know whose they are. So a report of one
feature shows the figures of another, and neither imports the other (docs/decisions/0061).
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

MEASURES: dict[str, "Measure"] = {}


class Unit(StrEnum):
    """What the values are, and by which figure many of them are told."""

    SECONDS = "seconds"  # by their median
    SHARE = "share"  # 1 or 0 each, by how many of them are 1


@dataclass(frozen=True)
class Measure:
    """One figure. `observed` is SQL that gives `ticket_id` and `value`, of the present tenant.

    A ticket may be observed more than once, or not at all. Who lacks `needs` is not told of it.
    """

    key: str
    label: Any
    unit: Unit
    observed: str
    needs: str = ""


def register(measure: Measure) -> None:
    """Add a measure. Raises ValueError for a key that is taken."""
    if measure.key in MEASURES:
        raise ValueError(f"{measure.key} is measured already")
    MEASURES[measure.key] = measure


def offered(has_perm: Callable[[str], bool]) -> dict[str, Measure]:
    """Return the measures that somebody with these permissions may read."""
    return {
        key: measure
        for key, measure in MEASURES.items()
        if not measure.needs or has_perm(measure.needs)
    }
