"""Overrides for VIPs: what they may say, and whose ticket gets which."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from jsonschema import Draft202012Validator

from sla.calendars import Malformed
from sla.choices import PROMISED
from sla.models import VipOverride

TEN_YEARS = 10 * 366 * 24 * 3600
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "vip_sla_override",
    "description": "By metric the open time promised, and the calendar if not the policy's.",
    "type": "object",
    "minProperties": 1,
    "additionalProperties": False,
    "properties": {
        metric.value: {
            "type": "object",
            "required": ["seconds"],
            "additionalProperties": False,
            "properties": {
                "seconds": {"type": "integer", "minimum": 1, "maximum": TEN_YEARS},
                "calendar": {"type": "integer", "minimum": 1},
            },
        }
        for metric in PROMISED
    },
}
_VALIDATOR = Draft202012Validator(SCHEMA)


def check_override(stated: object) -> None:
    """Raise `Malformed`, with every error and its place, unless `stated` keeps to the schema."""
    errors = {
        ".".join(map(str, error.absolute_path)) or "vip_sla_override": error.message
        for error in _VALIDATOR.iter_errors(stated)
    }
    if errors:
        raise Malformed(errors)


def overrides_of(person_id: int, at: datetime) -> Sequence[VipOverride]:
    """Return what a person is promised beyond the policies while they are a VIP."""
    found = VipOverride.objects.at(at).concerning(person_id)
    return list(found.select_related("person", "department", "team").order_by("pk"))


def terms_in(override: VipOverride) -> Mapping[str, Mapping[str, int]]:
    """Return by metric the seconds, and the calendar if there is one."""
    return dict(override.vip_sla_override)
