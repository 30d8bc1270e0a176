"""Text as people see it: whether there is anything to see, and what is safe in a spreadsheet."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from unicodedata import category

from django import forms

# Control, format, separators; and marks, which show only on a letter (Unicode 16, table 4-4).
UNSEEN = {"Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Me"}
# Letters and symbols by category that are drawn as nothing: fillers of Hangul, empty braille.
FILLERS = "\u115f\u1160\u2800\u3164\uffa0"
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def is_blank(text: str) -> bool:
    """Say whether nothing of `text` can be seen."""
    return all(letter in FILLERS or category(letter) in UNSEEN for letter in text)


def harmless(cell: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


class Line:
    """A file that hands back what is written to it, for `csv.writer`."""

    def write(self, text: str) -> str:
        return text


def csv_lines(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Yield the lines of a CSV file, whose cells are harmless in a spreadsheet."""
    writer = csv.writer(Line())
    return (writer.writerow([harmless(cell) for cell in row]) for row in rows)


class Text(forms.CharField):
    """Text in which something can be seen; all other counts as empty."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return self.empty_value if text and is_blank(text) else text
