"""Find the rows after a place in a sorted list, at the same cost at any depth.

A list is sorted by several columns, each up or down. Neighbouring columns of one direction form
a *run*, which Postgres compares as a row, by one range of an index. What follows a place is
then: equal in all runs but the last and beyond in that one; then equal in all but the last two
and beyond in the one before; and so on. Each is a query of its own, read only as far as needed:
one OR of them would walk through all rows before the place.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import BooleanField, F, Field, Func, Q, QuerySet, Value
from django.db.models.constants import LOOKUP_SEP


@dataclass(frozen=True)
class Column:
    """One column of the order."""

    name: str
    is_down: bool
    is_nullable: bool
    field: Field | None

    def parse(self, value: Any) -> Any:
        """Return a value of this column from what a cursor kept of it."""
        return value if value is None or self.field is None else self.field.to_python(value)

    def flipped(self) -> "Column":
        return Column(self.name, not self.is_down, self.is_nullable, self.field)


Order = tuple[Column, ...]


class RowBeyond(Func):
    """`(a, b) > (x, y)`, or `<`: a comparison that an index on (a, b) answers."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, columns: Sequence[Column], values: Sequence[Any], *, is_down: bool) -> None:
        constants = [
            Value(value, output_field=c.field) for c, value in zip(columns, values, strict=True)
        ]
        super().__init__(*(F(c.name) for c in columns), *constants)
        self.sign = "<" if is_down else ">"

    def as_sql(  # type: ignore[override]
        self, compiler: Any, connection: Any, **extra: Any
    ) -> tuple[str, list[Any]]:
        parts = [compiler.compile(expression) for expression in self.source_expressions]
        half = len(parts) // 2
        left, right = (", ".join(sql for sql, _ in side) for side in (parts[:half], parts[half:]))
        return f"({left}) {self.sign} ({right})", [p for _, params in parts for p in params]


def order_of(queryset: QuerySet, names: Sequence[str]) -> Order:
    """Return what is known of each column that `names` sort by, such as ("-score", "pk")."""
    return tuple(_column(queryset, name) for name in names)


def reverse(order: Order) -> Order:
    return tuple(column.flipped() for column in order)


def names_of(order: Order) -> list[str]:
    return [f"-{column.name}" if column.is_down else column.name for column in order]


def after(queryset: QuerySet, order: Order, values: Sequence[Any] | None, limit: int) -> list[Any]:
    """Return the first `limit` rows of `queryset` in `order`, beyond `values` where given."""
    queryset = queryset.order_by(*names_of(order))
    if values is None:
        return list(queryset[:limit])
    rows: list[Any] = []
    parsed = [column.parse(value) for column, value in zip(order, values, strict=True)]
    for condition in _ranges(order, parsed):
        rows += queryset.filter(condition)[: limit - len(rows)]
        if len(rows) == limit:
            break
    return rows


def values_of(row: Any, order: Order) -> tuple[Any, ...]:
    """Return a row's place: of a model, or of `values()` that include what the order names."""
    return tuple(_value(row, column.name) for column in order)


def _column(queryset: QuerySet, ordering: str) -> Column:
    name = ordering.removeprefix("-")
    options, field = queryset.model._meta, None
    is_nullable = False
    for part in name.split(LOOKUP_SEP):
        if part in queryset.query.annotations:
            return Column(name, ordering.startswith("-"), False, None)
        field = options.pk if part == "pk" else options.get_field(part)
        is_nullable = is_nullable or field.null
        options = field.related_model._meta if field.is_relation else options
    if field is not None and field.is_relation:
        field = field.target_field
    return Column(name, ordering.startswith("-"), is_nullable, field)


def _ranges(order: Order, values: Sequence[Any]) -> Iterator[Q]:
    """Yield the conditions whose rows, one after the other, follow the place at `values`."""
    pairs = list(zip(order, values, strict=True))
    # A nullable column runs alone, for NULL compares with nothing.
    numbered = enumerate(pairs)
    keyed = groupby(numbered, lambda p: (p[1][0].is_down, p[0] if p[1][0].is_nullable else None))
    runs = [[pair for _, pair in run] for _, run in keyed]
    for depth in range(len(runs) - 1, -1, -1):
        same = Q()
        for column, value in (pair for run in runs[:depth] for pair in run):
            same &= Q(
                **{f"{column.name}__isnull": True} if value is None else {column.name: value}
            )
        for beyond in _beyond(runs[depth]):
            yield same & beyond


def _beyond(run: list[tuple[Column, Any]]) -> Iterator[Q]:
    """Yield what lies beyond a run's values. Postgres sorts NULL as if it were the greatest."""
    column, value = run[0]
    if value is None:
        if column.is_down:
            yield Q(**{f"{column.name}__isnull": False})
        return
    columns, values = zip(*run, strict=True)
    yield Q(RowBeyond(columns, values, is_down=column.is_down))
    if column.is_nullable and not column.is_down:
        yield Q(**{f"{column.name}__isnull": True})


def _value(row: Any, name: str) -> Any:
    if isinstance(row, dict):
        return row["id"] if name == "pk" and "pk" not in row else row[name]
    for part in name.split(LOOKUP_SEP):
        row = getattr(row, part, None)
    return row
