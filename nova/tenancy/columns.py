"""Name a table's columns, for statements that are composed once and asked again and again.

Named one by one, because a statement that Postgres has prepared must not change its result when a
migration adds a column (docs/decisions/0031).
"""

from functools import cache

from django.db.models import Model


@cache
def columns_of(model: type[Model], table: str = "") -> str:
    """Return the columns that a model has, with commas between, of `table` if one is named."""
    names = [str(field.column) for field in model._meta.concrete_fields]
    return ", ".join(f"{table}.{name}" if table else name for name in names)
