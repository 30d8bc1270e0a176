"""The base of every serializer that states an input."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from rest_framework import serializers

from nova.text import is_blank

WHOLE = "non_field_errors"
UNKNOWN = "There is no such field."


class StrictSerializer(serializers.Serializer):
    """Refuses fields that it does not know, by name, along with all else that is wrong."""

    def get_fields(self) -> dict[str, serializers.Field]:
        """Return the fields that have a say: what is neither stated nor needed is not copied."""
        stated = getattr(self, "initial_data", None)
        if not isinstance(stated, Mapping):
            return super().get_fields()
        return {
            name: deepcopy(field)
            for name, field in self._declared_fields.items()
            if name in stated or field.required or field.default is not serializers.empty
        }

    def to_internal_value(self, data: Any) -> Any:
        unknown = self._unknown(data)
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as error:
            found = error.detail if isinstance(error.detail, dict) else {WHOLE: error.detail}
            raise serializers.ValidationError({**found, **unknown}) from error
        if unknown:
            raise serializers.ValidationError(unknown)
        return values

    def _unknown(self, data: Any) -> dict[str, list[str]]:
        if not isinstance(data, Mapping):
            return {}
        known = {name for name, field in self._declared_fields.items() if not field.read_only}
        return {str(name): [UNKNOWN] for name in data if name not in known}


class Text(serializers.CharField):
    """Text that is stored as given: trimmed, without NUL, and bounded. Unseen, it is blank."""

    def __init__(self, most: int, **options: Any) -> None:
        super().__init__(max_length=most, **options)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        is_unseen = isinstance(data, str) and is_blank(data)
        return super().run_validation("" if is_unseen else data)
