"""Read a CSV log row by row, whatever is wrong with it. Nothing is skipped in silence."""

import csv
import gzip
import zlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import BinaryIO, cast

from tickets.importing.rows import MISSING, Problem, Row

GZIP = b"\x1f\x8b"
MOST_BYTES = 1 << 20  # of one line
MOST_LINES = 50  # of one row whose quoted text has line breaks


class NotALog(Exception):
    """The file as a whole is not what it should be. The message says what it lacks."""


class _Unfinished(Exception):
    """The row goes on in the next line."""


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str
    problem: str = ""


class LogFile:
    """A CSV file, plain or gzipped, with a header. Iterate over it once.

    Yields a `Row` for each event and a `Problem` for whatever is not one.
    Raises `NotALog` when it has no header with the columns `required`.
    """

    def __init__(self, path: Path, required: tuple[str, ...]) -> None:
        self._raw = path.open("rb")
        self._size = max(path.stat().st_size, 1)
        is_gzip = self._raw.peek(2).startswith(GZIP)
        self._source = cast(BinaryIO, gzip.GzipFile(fileobj=self._raw)) if is_gzip else self._raw
        self._number = 0
        self._waiting: deque[_Line] = deque()
        self._found: list[Problem] = []
        try:
            self.columns = self._header(required)
        except NotALog:
            self._raw.close()
            raise

    def __enter__(self) -> "LogFile":
        return self

    def __exit__(self, *error: object) -> None:
        self._raw.close()

    @property
    def share_read(self) -> float:
        """Return how much of the file is behind us, from 0 to 1."""
        return self._raw.tell() / self._size

    def __iter__(self) -> Iterator[Row | Problem]:
        while (line := self._next()) is not None:
            if line.text.strip():
                item = self._row(line)
                yield from self._found
                self._found.clear()
                yield item
        yield from self._found
        self._found.clear()

    def _header(self, required: tuple[str, ...]) -> list[str]:
        first = self._next()
        if first is None:
            raise NotALog("The file is empty.")
        values = self._values(first)
        columns = [name.strip() for name in values] if isinstance(values, list) else []
        if lacking := [name for name in required if name not in columns]:
            raise NotALog(f"Its first line does not name these columns: {', '.join(lacking)}.")
        if len(set(columns)) < len(columns):
            raise NotALog("Its first line names a column twice.")
        return columns

    def _row(self, line: _Line) -> Row | Problem:
        values = self._values(line)
        if isinstance(values, str):
            return _unread(line, values)
        if len(values) != len(self.columns):
            wrong = (
                "has too many values" if len(values) > len(self.columns) else "has too few values"
            )
            return _unread(line, wrong)
        pairs = zip(self.columns, values, strict=True)
        return Row(line.number, {name: value for name, value in pairs if value not in MISSING})

    def _values(self, line: _Line) -> list[str] | str:
        """Return the values of the row that begins with `line`, or what is wrong with it."""
        if line.problem:
            return line.problem
        if '"' not in line.text:
            return line.text.split(",")
        taken = [line]
        while len(taken) <= MOST_LINES:
            try:
                return _parsed("\n".join(part.text for part in taken))
            except csv.Error as error:
                self._waiting.extendleft(reversed(taken[1:]))
                return f"is not CSV: {error}"
            except _Unfinished:
                following = self._next()
                if following is None:
                    break
                taken.append(following)
        # A quote that never closes must not swallow the rows after it.
        self._waiting.extendleft(reversed(taken[1:]))
        return "opens a quote that never closes"

    def _next(self) -> _Line | None:
        if self._waiting:
            return self._waiting.popleft()
        try:
            raw = self._source.readline(MOST_BYTES)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            self._find("", f"the file breaks off: {error}", "read up to here")
            return None
        if not raw:
            return None
        self._number += 1
        if len(raw) == MOST_BYTES and not raw.endswith(b"\n"):
            self._skip_line()
            shown = raw[:200].decode(errors="replace")
            return _Line(self._number, shown, f"is longer than {MOST_BYTES} bytes")
        return _Line(self._number, self._decoded(raw).rstrip("\r\n"))

    def _skip_line(self) -> None:
        while (rest := self._source.readline(MOST_BYTES)) and not rest.endswith(b"\n"):
            pass

    def _decoded(self, raw: bytes) -> str:
        raw = raw.removeprefix(b"\xef\xbb\xbf") if self._number == 1 else raw
        try:
            text = raw.decode()
        except UnicodeDecodeError as error:
            text = raw.decode("cp1252", "replace")
            self._find(repr(raw.strip()), f"is not UTF-8: {error.reason}", "read as Windows-1252")
        if "\0" in text:
            self._find(repr(raw.strip()), "holds a NUL character", "taken out")
            text = text.replace("\0", "")
        return text

    def _find(self, value: str, problem: str, done: str) -> None:
        self._found.append(Problem(self._number, "", "", value, problem, done))


def _parsed(text: str) -> list[str]:
    try:
        rows = list(csv.reader(StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        if "unexpected end of data" in str(error):
            raise _Unfinished from error
        raise
    if len(rows) != 1:
        raise csv.Error("a quote closes before the row ends")
    return rows[0]


def _unread(line: _Line, problem: str) -> Problem:
    return Problem(line.number, "", "", line.text, problem, "not applied", is_refusal=True)
