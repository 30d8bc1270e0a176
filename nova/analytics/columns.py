"""What apps add to a table of tickets: each registers columns of its own in a module `metrics`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

COLUMNS: dict[str, "Columns"] = {}
Cells = Mapping[int, Sequence[Any]]


@dataclass(frozen=True)
class Columns:
    """Columns that belong together. `read` gives by ticket as many cells as there are heads.

    It is called for many tickets at once, and costs as many queries for few as for many.
    """

    key: str
    heads: tuple[Any, ...]
    read: Callable[[Sequence[int], datetime], Cells]
    needs: str = ""


def register(columns: Columns) -> None:
    """Add columns. Raises ValueError for a key that is taken."""
    if columns.key in COLUMNS:
        raise ValueError(f"there are columns {columns.key} already")
    COLUMNS[columns.key] = columns


def offered(has_perm: Callable[[str], bool]) -> list[Columns]:
    """Return the columns that somebody with these permissions may read."""
    return [c for c in COLUMNS.values() if not c.needs or has_perm(c.needs)]
