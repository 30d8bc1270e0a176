"""Check the values of a tenant's own fields."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from nova.text import is_blank
from tickets.choices import FieldType
from tickets.models import CustomField

LONGEST = 2000
MOST = 10**15


class BadValues(ValueError):
    """Values that do not fit their fields. `errors` maps each key to what is wrong."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__(str(self.errors))


def cleaned(
    values: Mapping[str, Any], kind: str, *, is_requester: bool, partial: bool = False
) -> dict[str, Any]:
    """Return `values` if each fits a field of this kind of ticket.

    A requester may only fill what the portal shows. Raises `BadValues` with every error.
    """
    fields = CustomField.objects.of_kind(kind)
    known = {field.key: field for field in fields if field.is_in_portal or not is_requester}
    errors = {key: _("There is no such field.") for key in values.keys() - known.keys()}
    for key, field in known.items():
        if not _is_empty(field, values.get(key)):
            wrong = fault(field, values[key])
            if wrong:
                errors[key] = wrong
        elif field.is_required and (key in values or not partial):
            errors[key] = _("This field is required.")
    if errors:
        raise BadValues(errors)
    return dict(values)


def fault(field: CustomField, value: Any) -> str:
    """Return what is wrong with a value, or "" when it fits its field."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    checks = {
        FieldType.TEXT: (isinstance(value, str) and len(value) <= LONGEST, _("Give text.")),
        FieldType.NUMBER: (is_number and abs(value) <= MOST, _("Give a number.")),
        FieldType.BOOLEAN: (isinstance(value, bool), _("Give true or false.")),
        FieldType.DATE: (_is_date(value), _("Give a date such as 2026-03-31.")),
        FieldType.CHOICE: (
            value in field.options,
            _("Choose one of: %(options)s.") % {"options": ", ".join(field.options)},
        ),
    }
    fits, message = checks[FieldType(field.type)]
    return "" if fits else str(message)


def _is_empty(field: CustomField, value: Any) -> bool:
    is_text = field.type == FieldType.TEXT and isinstance(value, str)
    return value is None or (is_text and is_blank(value))


def _is_date(value: Any) -> bool:
    try:
        date.fromisoformat(value)
    except (TypeError, ValueError):
        return False
    return True
