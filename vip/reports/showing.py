"""A heat map as pages, files and the API show it: every cell in words, with how many it is of."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import formats
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from nova.accounts.choices import VipLevel
from nova.analytics.measures import Measure, Unit
from nova.web.times import duration_words
from nova.web.words import present_words
from vip.reports.heat import Asked, Cell, cells_of, sites_named
from vip.reports.rules import Key, bounds_of, hidden_in, shade_of

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One cell. Without `count` there was nothing; without `text` nothing is told of it."""

    key: Key
    count: int = 0
    figure: float | None = None
    text: str = ""
    shade: int = 0
    url: str = ""

    @property
    def is_told(self) -> bool:
        return bool(self.text)


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line of a map, its cells in the order of the columns, and its sum."""

    name: str
    cells: tuple[ShownCell, ...]
    total: ShownCell


@dataclass(frozen=True, slots=True)
class ShownPart:
    """Lines under one head; a map may have a single part without a name."""

    name: str
    lines: tuple[ShownLine, ...]


@dataclass(frozen=True, slots=True)
class Map:
    """A whole map. `total` are the sums of its columns and of all."""

    columns: tuple[str, ...]
    parts: tuple[ShownPart, ...]
    total: ShownLine
    bounds: tuple[str, ...]
    is_more_better: bool


def map_of(asked: Asked) -> Map:
    """Count a map and put it into words: a statement for the figures, one for names of sites."""
    return _Drawing(asked).whole()


def tells_of(asked: Asked, key: Key) -> bool:
    """Say whether the map tells anything of a cell."""
    cells = cells_of(asked)
    return key in cells and key not in _hidden_of(cells)


def words_of(figure: float, measure: Measure) -> str:
    """Say a figure: "12 min", or "93 %"."""
    if measure.unit == Unit.SECONDS:
        return duration_words(figure, present_words())
    return f"{100 * figure:.0f} %"


def address(asked: Asked, **more: Any) -> dict[str, str]:
    """Return the address's words for what is asked."""
    stated = {
        "measure": asked.measure.key,
        "view": asked.view,
        "since": asked.since.isoformat(),
        "until": asked.until.isoformat(),
        **more,
    }
    return {name: str(value) for name, value in stated.items()}


def table_of(shown: Map, measure: Measure) -> Iterator[list[Any]]:
    """Yield the rows of a file, the head first. What is not told stays empty."""
    unit = _("median seconds") if measure.unit == Unit.SECONDS else _("share")
    yield [_("part"), _("line"), _("column"), _("count"), unit]
    for part, line, column, cell in cells_in(shown):
        if cell.count:
            count = cell.count if cell.is_told else _("not told")
            figure = "" if cell.figure is None else round(cell.figure, 4)
            yield [part, line, column, count, figure]


def cells_in(shown: Map) -> Iterator[tuple[str, str, str, ShownCell]]:
    """Yield every cell with the names of its place, the sums last of each line."""
    everything = (*shown.parts, ShownPart("", (shown.total,)))
    for part in everything:
        for line in part.lines:
            for column, cell in zip(shown.columns, line.cells, strict=True):
                yield part.name, line.name, column, cell
            yield part.name, line.name, _("All"), line.total


class _Drawing:
    """A map while it is drawn: its cells, its scale, and the names of its dimensions."""

    def __init__(self, asked: Asked) -> None:
        self.asked, self.cells = asked, cells_of(asked)
        self.hidden = _hidden_of(self.cells)
        told = [
            cell.figure
            for key, cell in self.cells.items()
            if key.line is not None and key.column is not None and key not in self.hidden
        ]
        self.bounds = bounds_of(told)
        self.is_more_better = asked.measure.unit == Unit.SHARE

    def whole(self) -> Map:
        columns = self._columns()
        keys = [key for key, _name in columns]
        total = ShownLine(
            _("All"), tuple(self._cell(Key(column=k)) for k in keys), self._cell(Key())
        )
        return Map(
            columns=tuple(name for _key, name in columns),
            parts=tuple(self._part(key, name, keys) for key, name in self._parts()),
            total=total,
            bounds=self._bounds(),
            is_more_better=self.is_more_better,
        )

    def _part(self, part: str, name: str, columns: Sequence[Any]) -> ShownPart:
        return ShownPart(
            name,
            tuple(
                ShownLine(
                    line_name,
                    tuple(self._cell(Key(part, line, column)) for column in columns),
                    self._cell(Key(part, line)),
                )
                for line, line_name in self._lines()
            ),
        )

    def _cell(self, key: Key) -> ShownCell:
        cell = self.cells.get(key)
        if cell is None or key in self.hidden:
            return ShownCell(key, cell.size if cell else 0)
        shade = shade_of(cell.figure, self.bounds, is_more_better=self.is_more_better)
        return ShownCell(
            key=key,
            count=cell.size,
            figure=cell.figure,
            text=words_of(cell.figure, self.asked.measure),
            shade=shade if key.line is not None and key.column is not None else 0,
            url=self._url(key),
        )

    def _bounds(self) -> tuple[str, ...]:
        """Return the scale in words; of cells that are alike or few there is none to tell."""
        said = tuple(words_of(bound, self.asked.measure) for bound in self.bounds)
        return said if len(set(said)) == len(said) else ()

    def _url(self, key: Key) -> str:
        stated = {name: value for name, value in key._asdict().items() if value not in (None, "")}
        words = urlencode(address(self.asked, **stated))
        return f"{reverse('vip:heat_tickets')}?{words}"

    def _parts(self) -> list[tuple[str, str]]:
        if self.asked.view != "level_weekday":
            return [("", "")]
        return [(level.value, str(level.label)) for level in VipLevel]

    def _lines(self) -> list[tuple[Any, str]]:
        match self.asked.view:
            case "level_hour":
                return [(level.value, str(level.label)) for level in VipLevel]
            case "level_weekday":
                return [(day + 1, str(name)) for day, name in WEEKDAYS.items()]
        seen = {key.line for key in self.cells if key.line is not None}
        named = [*sites_named(seen).items()]
        return [*named, *([(0, _("No site"))] if 0 in seen else [])]

    def _columns(self) -> list[tuple[Any, str]]:
        if self.asked.view != "site_week":
            return [(hour, f"{hour:02}") for hour in range(24)]
        monday = self.asked.since - timedelta(days=self.asked.since.weekday())
        weeks = range((self.asked.until - monday).days // 7 + 1)
        return [(day, _week(day)) for day in (monday + week * WEEK for week in weeks)]


def _hidden_of(cells: Mapping[Key, Cell]) -> set[Key]:
    return hidden_in({key: cell.size for key, cell in cells.items()})


def _week(monday: date) -> str:
    return formats.date_format(monday, "j M")
