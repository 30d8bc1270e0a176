"""Compiled hours of published calendar versions, kept in the process."""

from typing import Any

from nova.hours import WorkingHours
from sla.calendars import hours_from_json

_COMPILED: dict[int, WorkingHours] = {}


def hours_of(version_id: int, definition: Any) -> WorkingHours:
    """Return the hours of a calendar version. A version never changes, so once read is enough."""
    hours = _COMPILED.get(version_id)
    if hours is None:
        hours = _COMPILED[version_id] = hours_from_json(definition)
    return hours


def known_hours(version_id: int) -> WorkingHours | None:
    """Return the hours of a calendar version if this process has compiled them before."""
    return _COMPILED.get(version_id)
