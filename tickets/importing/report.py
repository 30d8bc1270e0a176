"""The report of an import: a CSV file with a line for all that was not taken as it stood."""

import csv
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tickets.importing.rows import Problem

HEADER = ("line", "incident", "column", "value", "problem", "done")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Report:
    """Writes problems as they come, and counts them. Use it as a context."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.counts: Counter[str] = Counter()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("w", encoding="utf-8", newline="")
        self._csv = csv.writer(self._file)
        self._csv.writerow(HEADER)

    def __enter__(self) -> "Report":
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()

    def add(self, problems: Iterable[Problem]) -> None:
        """Write problems, and make sure that they outlive this process."""
        for found in sorted(problems, key=lambda problem: problem.line):
            row = (found.incident, found.column, found.value, found.problem, found.done)
            self._csv.writerow((found.line, *map(inert, row)))
            self.counts[f"{found.column or 'the line'} {found.problem}"] += 1
        self._file.flush()


def inert(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula. Numbers stay as they are."""
    is_number = text.removeprefix("-").replace(".", "", 1).isdigit()
    return f"'{text}" if text.startswith(FORMULA) and not is_number else text
