"""What a heat map may show, and how dark. Pure: no database, no clock, no settings."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import inf
from operator import itemgetter
from typing import Any, NamedTuple

# Of fewer observations nothing is told: they say little, and name people.
FEWEST = 5
SHADES = 5


class Key(NamedTuple):
    """Which cell: None stands for all of that dimension, so that sums are cells as well."""

    part: Any = None
    line: Any = None
    column: Any = None

    @property
    def row(self) -> tuple[Any, Any]:
        return self.part, self.line

    @property
    def nones(self) -> tuple[bool, bool]:
        """Say whether it is a sum, and of what: along and across."""
        return self.line is None, self.column is None

    @property
    def sign(self) -> int:
        """How it counts where cells and their sum must come to nought, along and across."""
        along, across = self.nones
        return 1 if along == across else -1


Corners = tuple[Key, Key, Key, Key]


def is_told(count: int) -> bool:
    """Say whether so many observations are enough to be told."""
    return count >= FEWEST


def hidden_in(sizes: Mapping[Key, int]) -> set[Key]:
    """Return which cells and sums of a map are not told, of all that are not empty.

    To those of few come the smallest others without which one could be worked out of what is
    told (complementary suppression, docs/decisions/0065). It is the same whoever asks.
    """
    table = _Table(sizes)
    waiting = [key for key in table.ordered if not is_told(sizes[key])]
    hidden, covered = set(waiting), set[Key]()
    while waiting:
        for key in waiting:
            if key not in covered:
                covered.update(corners := table.cover(key, hidden))
                hidden.update(corners)
        waiting = table.lacking(hidden)
        hidden.update(waiting)
    return hidden


class _Table:
    """The cells of a map and their sums, by rows and by columns; sums are one row and column."""

    def __init__(self, sizes: Mapping[Key, int]) -> None:
        self.sizes = sizes
        # What is alike has one order always: two answers that differ would tell more than one.
        # A sum stands behind the only cell that it is of.
        self.ordered = sorted(sizes, key=lambda key: (sizes[key], *key.nones, str(key)))
        self.rows: dict[Any, list[Key]] = defaultdict(list)
        self.columns: dict[Any, list[Key]] = defaultdict(list)
        for key in self.ordered:
            self.rows[key.row].append(key)
            self.columns[key.column].append(key)

    def cover(self, key: Key, hidden: set[Key]) -> Corners:
        """Return four corners that could all be one more or less: hidden, or the least to hide.

        Every row and column still comes to its sum if two opposite ones grow and two shrink, so
        what is told says of none of the four how many it is of.
        """
        found, least = (key,) * 4, inf
        columns = self._priced(self.columns[key.column], key, hidden)
        for price, across in self._priced(self.rows[key.row], key, hidden):
            for more, along in columns:
                if price + more >= least:
                    break
                far = Key(*along.row, across.column)
                cost = price + more + (0 if far in hidden else self.sizes.get(far, inf))
                corners = key, across, along, far
                if cost < least and self._could_move(corners):
                    found, least = corners, cost
        return found

    def lacking(self, hidden: set[Key]) -> list[Key]:
        """Return the smallest told cell of each line whose hidden ones are few even together."""
        more = set()
        for *cells, total in (*self.rows.values(), *self.columns.values()):
            told = [key for key in cells if key not in hidden]
            rest = self.sizes[total] - sum(self.sizes[key] for key in told)
            if total not in hidden and rest and not is_told(rest):
                more.add(told[0])
        return [key for key in self.ordered if key in more]

    def _priced(self, line: list[Key], key: Key, hidden: set[Key]) -> list[tuple[int, Key]]:
        """Return the others of a line by how much would be told no more, and the larger first."""
        priced = [(0 if k in hidden else self.sizes[k], k) for k in reversed(line) if k != key]
        return sorted(priced, key=itemgetter(0))

    def _could_move(self, corners: Corners) -> bool:
        """Say whether in one of two ways none becomes empty: which cells are empty is known."""
        steps = [step * k.sign for step, k in zip((1, -1, -1, 1), corners, strict=True)]
        sizes = [self.sizes[key] for key in corners]
        return any(
            all(size + way * step > 0 for size, step in zip(sizes, steps, strict=True))
            for way in (1, -1)
        )


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
