"""Serializer fields that name things of the tenant."""

from functools import cache
from typing import Any

from django.db.models import Model
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from nova.accounts.models import User
from nova.tenancy.columns import columns_of

LONGEST = 254
ID = {"type": "integer", "minimum": 1}


@extend_schema_field({"oneOf": [ID, {"type": "string"}], "description": "An id or a name."})
class Named(serializers.Field):
    """A thing of the caller's tenant, given by id or by name. The fence hides all others."""

    default_error_messages = {
        "type": "Give an id or a name.",
        "missing": "There is no such {thing}.",
    }
    kept = "true"  # the condition under which a thing may be named

    def __init__(self, model: type[Model], *, by: str = "name", **options: Any) -> None:
        super().__init__(**options)
        self.model, self.by = model, by

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool) or not isinstance(data, (int, str)):
            self.fail("type")
        found = next(iter(self.model._default_manager.raw(*self._search(data))), None)
        if found is None or not self.admits(found):
            self.fail("missing", thing=self.model._meta.verbose_name)
        return found

    def admits(self, found: Any) -> bool:
        """Say whether the caller may name this thing. One that they may not is as none."""
        return True

    def to_representation(self, value: Any) -> Any:
        return {"id": value.pk, "name": str(value)}

    def _search(self, data: int | str) -> tuple[str, list[int | str]]:
        if isinstance(data, int):
            return _statement(self.model, "id", self.kept), [data if data < 1 << 63 else 0]
        return _statement(self.model, self.by, self.kept), [data[:LONGEST]]


@extend_schema_field({"oneOf": [ID, {"type": "string"}], "description": "An id or an e-mail."})
class Person(Named):
    """A person of the caller's tenant, given by id or e-mail."""

    default_error_messages = {"type": "Give an id or an e-mail address."}
    kept = "is_active"

    def __init__(self, **options: Any) -> None:
        super().__init__(User, by="email", **options)

    def _search(self, data: int | str) -> tuple[str, list[int | str]]:
        return super()._search(data.lower() if isinstance(data, str) else data)


@cache
def _statement(model: type[Model], column: str, kept: str) -> str:
    """Return the search for one thing, composed once: a write may name many."""
    return (
        f"SELECT {columns_of(model)} FROM {model._meta.db_table} "  # noqa: S608
        f"WHERE {column} = %s AND {kept} ORDER BY id LIMIT 1"
    )
