"""Text as people see it: whether there is anything to see, and how it comes into a spreadsheet."""

import csv
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any
from unicodedata import category

from django import forms
from django.http import StreamingHttpResponse

# Control, format, separators; and marks, which show only on a letter (Unicode 16, table 4-4).
UNSEEN = {"Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Me"}
# Letters and symbols by category that are drawn as nothing: fillers of Hangul, empty braille.
FILLERS = "\u115f\u1160\u2800\u3164\uffa0"
LINES_AT_ONCE = 500
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def is_blank(text: str) -> bool:
    """Say whether nothing of `text` can be seen."""
    return all(letter in FILLERS or category(letter) in UNSEEN for letter in text)


def harmless(cell: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def csv_file(name: str, rows: Iterable[Iterable[Any]]) -> StreamingHttpResponse:
    """Answer a CSV file called `name`.csv as its rows come; its cells are harmless."""
    answer = StreamingHttpResponse(_parts(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _parts(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    writer = csv.writer(_Line())
    lines = (writer.writerow(map(harmless, row)) for row in rows)
    while part := "".join(islice(lines, LINES_AT_ONCE)):
        yield part


class _Line:
    """A file that hands back what is written to it, for `csv.writer`."""

    def write(self, text: str) -> str:
        return text


class Text(forms.CharField):
    """Text in which something can be seen; all other counts as empty."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return self.empty_value if text and is_blank(text) else text
