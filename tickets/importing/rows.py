"""A row of a log, and what could not be read in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

MISSING = ("", "?")


@dataclass(frozen=True, slots=True)
class Row:
    """One event of the log, as the file has it: the values that are there, by column.

    `line` is the number in the file of the line where it begins.
    """

    line: int
    values: dict[str, str]

    def get(self, column: str) -> str:
        """Return a value without surplus blanks, or "" where it is missing."""
        return " ".join(self.values.get(column, "").split())


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be taken as it stands, and what was done about it.

    With `is_refusal` the whole event was not applied; `value` is then the line itself.
    """

    line: int
    incident: str
    column: str
    value: str
    problem: str
    done: str
    is_refusal: bool = False


def refused(row: Row, problem: str, done: str = "not applied", column: str = "") -> Problem:
    """Return the problem of an event that cannot be applied, with all that it said."""
    text = "; ".join(f"{name}={value}" for name, value in row.values.items())
    return Problem(row.line, row.get("number"), column, text, problem, done, is_refusal=True)


def packed(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Return rows as `Original.lines` keeps them: the first in full, then what changed."""
    lines: list[dict[str, Any]] = []
    before: dict[str, str] = {}
    for row in rows:
        gone = {column: None for column in before if column not in row.values}
        changed = {c: v for c, v in row.values.items() if before.get(c) != v}
        key = "changed" if lines else "values"
        lines.append({"line": row.line, key: changed | gone})
        before = row.values
    return lines


def unpacked(lines: Iterable[dict[str, Any]]) -> list[Row]:
    """Return the rows that were packed."""
    rows: list[Row] = []
    values: dict[str, str] = {}
    for line in lines:
        merged = values | line.get("values", {}) | line.get("changed", {})
        values = {column: value for column, value in merged.items() if value is not None}
        rows.append(Row(line["line"], values))
    return rows
