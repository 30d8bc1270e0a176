"""Serializer fields that name things of the tenant."""

from typing import Any

from django.db.models import Model, Q
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from nova.accounts.models import User

LONGEST = 254
ID = {"type": "integer", "minimum": 1}


@extend_schema_field({"oneOf": [ID, {"type": "string"}], "description": "An id or a name."})
class Named(serializers.Field):
    """A thing of the caller's tenant, given by id or by name. The fence hides all others."""

    default_error_messages = {
        "type": "Give an id or a name.",
        "missing": "There is no such {thing}.",
    }

    def __init__(self, model: type[Model], *, by: str = "name", **options: Any) -> None:
        super().__init__(**options)
        self.model, self.by = model, by

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool) or not isinstance(data, (int, str)):
            self.fail("type")
        found = self.model._default_manager.filter(self._where(data)).first()
        if found is None:
            self.fail("missing", thing=self.model._meta.verbose_name)
        return found

    def to_representation(self, value: Any) -> Any:
        return {"id": value.pk, "name": str(value)}

    def _where(self, data: int | str) -> Q:
        if isinstance(data, int):
            return Q(pk=data) if 0 < data < 1 << 63 else Q(pk__in=[])
        return Q(**{self.by: data[:LONGEST]})


@extend_schema_field({"oneOf": [ID, {"type": "string"}], "description": "An id or an e-mail."})
class Person(Named):
    """A person of the caller's tenant, given by id or e-mail."""

    default_error_messages = {"type": "Give an id or an e-mail address."}

    def __init__(self, **options: Any) -> None:
        super().__init__(User, by="email", **options)

    def _where(self, data: int | str) -> Q:
        return super()._where(data.lower() if isinstance(data, str) else data) & Q(is_active=True)


class Text(serializers.CharField):
    """Text that is stored as given: trimmed, without NUL, and bounded."""

    def __init__(self, most: int, **options: Any) -> None:
        super().__init__(max_length=most, **options)
