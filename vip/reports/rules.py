"""What a heat map may show, and how dark. Pure: no database, no clock, no settings."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

# Of fewer observations nothing is told: they say little, and name people.
FEWEST = 5
SHADES = 5


def is_told(count: int) -> bool:
    """Say whether a cell of so many observations is shown."""
    return count >= FEWEST


def bounds_of(values: Iterable[float]) -> list[float]:
    """Return the values that divide others into as many equal parts as there are shades."""
    ordered = sorted(values)
    if not ordered:
        return []
    return [ordered[len(ordered) * step // SHADES] for step in range(1, SHADES)]


def shade_of(value: float, bounds: Sequence[float], *, is_more_better: bool) -> int:
    """Return from 1 to `SHADES` how much a value asks for attention."""
    place = bisect_right(bounds, value) + 1
    return SHADES + 1 - place if is_more_better else place
