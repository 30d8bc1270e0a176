"""Reads a CSV file of people: bytes in, rows with their lines out. Pure."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from nova.text import is_blank

MOST_BYTES = 5 << 20
MOST_ROWS = 2000
MOST_COLUMNS = 60
ATTRIBUTE = "attribute:"
# By column, how many letters its cell may have: as many as are kept of a person.
LONGEST = {
    "email": 254,
    "name": 150,
    "title": 150,
    "phone": 40,
    "department": 100,
    "site": 100,
    "floor": 40,
    "manager": 254,
    "groups": 4000,
    "external_id": 200,
    "is_active": 5,
}
LONGEST_GROUP = 200
LONGEST_ATTRIBUTE = 1000
FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
DELIMITERS = ",;\t"
Fault = tuple[str, str]


class Unreadable(Exception):
    """The file as a whole is none of people; the message says where and why."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One person of a file. `said` holds the cells that are not empty, by column.

    `faults` are pairs of a column and what is wrong with its cell.
    """

    line: int
    said: Mapping[str, str]
    faults: list[Fault] = field(default_factory=list)


def read_people(content: bytes) -> list[Row]:
    """Return the people of a file in UTF-8, between whose cells is a comma, semicolon or tab.

    Raises `Unreadable` for what concerns the whole of it: its size, its columns, open quotes.
    """
    if len(content) > MOST_BYTES:
        raise Unreadable(_("The file is larger than 5 MB."))
    # What is no UTF-8 becomes lone surrogates, by which its cell is found.
    text = content.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    records = _records(text, _delimiter(text))
    line, header = next(records, (1, []))
    columns = _columns(header, line)
    rows: list[Row] = []
    for line, cells in records:
        if len(rows) == MOST_ROWS:
            raise Unreadable(
                _("Line %(line)s: a file may have %(most)s people. Divide it.")
                % {"line": line, "most": MOST_ROWS}
            )
        rows.append(_row(line, columns, cells))
    return _twice(_twice(rows, "email"), "external_id")


def groups_in(cell: str) -> list[str]:
    """Return the names of groups in a cell, each once."""
    return list(dict.fromkeys(name.strip() for name in cell.split(";") if name.strip()))


def attribute_of(column: str) -> str | None:
    """Return the name of the attribute that a column tells, or None for any other column."""
    return column.removeprefix(ATTRIBUTE) if column.startswith(ATTRIBUTE) else None


def attribute_value(cell: str) -> str | bool:
    """Return what a cell says of an attribute: true and false are what they are, all else text."""
    return {"true": True, "false": False}.get(cell.lower(), cell)


def _delimiter(text: str) -> str:
    """Return the delimiter by which the first line names the most columns that are known."""

    def known(delimiter: str) -> int:
        for _line, cells in _records(text, delimiter):
            return sum(_column(cell) in LONGEST for cell in cells)
        return 0

    return max(DELIMITERS, key=known)


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the records that are not empty, each with the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            said = {"line": line, "error": error}
            raise Unreadable(_("Line %(line)s: this is no CSV (%(error)s).") % said) from error
        if any(cells):
            yield line, cells


def _column(cell: str) -> str:
    plain = cell.strip()
    if plain.lower().startswith(ATTRIBUTE):
        return ATTRIBUTE + plain[len(ATTRIBUTE) :].strip()
    return plain.lower()


def _columns(header: list[str], line: int) -> list[str]:
    columns = [_column(cell) for cell in header]
    for column in columns:
        said = {"line": line, "column": column[:60].encode("utf-8", "replace").decode()}
        if not (column in LONGEST or _names_an_attribute(column)):
            raise Unreadable(_("Line %(line)s: there is no column “%(column)s”.") % said)
        if columns.count(column) > 1:
            raise Unreadable(_("Line %(line)s: the column “%(column)s” is there twice.") % said)
    if "email" not in columns:
        raise Unreadable(_("Line %(line)s: the column “email” is missing.") % {"line": line})
    if len(columns) > MOST_COLUMNS:
        raise Unreadable(_("Line %(line)s: these are too many columns.") % {"line": line})
    return columns


def _names_an_attribute(column: str) -> bool:
    name = attribute_of(column) or ""
    return 0 < len(name) <= LONGEST_GROUP and not is_blank(name) and not _is_broken(name)


def _row(line: int, columns: list[str], cells: list[str]) -> Row:
    said, faults = {}, []
    for column, cell in zip(columns, cells, strict=False):
        if fault := _fault(column, cell):
            faults.append((column, fault))
        elif not is_blank(cell):
            said[column] = cell.strip()
    if len(cells) > len(columns):
        faults.append(("", _("There are more cells than columns.")))
    for column in ("email", "manager"):
        if column in said:
            said[column] = said[column].lower()
    if "email" not in said and not any(column == "email" for column, _fault in faults):
        faults.append(("email", _("The e-mail is missing.")))
    return Row(line=line, said=said, faults=faults)


def _fault(column: str, cell: str) -> str:
    """Say what is wrong with a cell by itself; nothing is ""."""
    if _is_broken(cell):
        return _("This is not UTF-8, or holds a NUL.")
    plain = "" if is_blank(cell) else cell.strip()
    most = LONGEST.get(column, LONGEST_ATTRIBUTE)
    if len(plain) > most or any(
        column == "groups" and len(name) > LONGEST_GROUP for name in groups_in(plain)
    ):
        return _("This is longer than %(most)s letters.") % {
            "most": most if len(plain) > most else LONGEST_GROUP
        }
    if plain and column in ("email", "manager") and not _is_email(plain):
        return _("This is no e-mail address.")
    if plain and column == "is_active" and plain.lower() not in FLAGS:
        return _("Write true or false.")
    return ""


def _is_broken(cell: str) -> bool:
    return any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in cell)


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _twice(rows: list[Row], column: str) -> list[Row]:
    """Find fault with every row after the first that says the same in a column."""
    first: dict[str, int] = {}
    for row in rows:
        value = row.said.get(column)
        if value is None:
            continue
        if value in first:
            told = _("Line %(line)s says the same already.") % {"line": first[value]}
            row.faults.append((column, told))
        first.setdefault(value, row.line)
    return rows
