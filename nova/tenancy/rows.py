"""Write many rows of one table by one statement with one parameter, whatever their number.

The ORM's bulk statements cost more than the writing itself: a sweep, an import or an edit in bulk
brings thousands of rows. Names are those of the model's attributes, such as `ticket_id`.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import orjson
from django.db import connection
from django.db.models import Model

PLAIN = orjson.OPT_NON_STR_KEYS  # choices are keys too
Row = Mapping[str, Any]
Names = tuple[str, ...]


def insert_rows(model: type[Model], names: Names, rows: Sequence[Row]) -> list[int]:
    """Insert rows in the order given; return their ids, which grow in that order."""
    return [pk for (pk,) in _run(_insert(model, names), rows)]


def update_rows(model: type[Model], names: Names, rows: Sequence[Row]) -> None:
    """Set these columns of the rows that have the `id`s given."""
    _run(_update(model, names), rows)


@cache
def _insert(model: type[Model], names: Names) -> str:
    columns = ", ".join(names)
    return (
        f"INSERT INTO {model._meta.db_table} ({columns}) SELECT {columns} "  # noqa: S608
        f"FROM ROWS FROM (json_to_recordset(%s::json) AS ({_typed(model, names)})) "
        f"WITH ORDINALITY AS given({columns}, place) ORDER BY place RETURNING id"
    )


@cache
def _update(model: type[Model], names: Names) -> str:
    columns = ", ".join(f"{name} = given.{name}" for name in names)
    return (
        f"UPDATE {model._meta.db_table} AS present SET {columns} "  # noqa: S608
        f"FROM json_to_recordset(%s::json) AS given({_typed(model, ('id', *names))}) "
        "WHERE present.id = given.id"
    )


def _typed(model: type[Model], names: Names) -> str:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return ", ".join(f"{name} {fields[name].rel_db_type(connection)}" for name in names)


def _run(statement: str, rows: Sequence[Row]) -> list[tuple[int]]:
    if not rows:
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement, [orjson.dumps(rows, option=PLAIN).decode()])
        return cursor.fetchall() if cursor.description else []
