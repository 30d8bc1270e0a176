"""Set what differs on a row of the catalogue, and tell what did."""

from collections.abc import Mapping
from typing import Any

from nova.events.base import Change
from sla.models import Calendar, Policy, Target


def set_changed(row: Policy | Calendar | Target, fields: Mapping[str, Any]) -> dict[str, Change]:
    """Set what differs; return by field the value before and after."""
    changes: dict[str, Change] = {}
    for name, value in fields.items():
        before = getattr(row, name)
        if before != value:
            setattr(row, name, value)
            changes[name] = (_plain(before), _plain(value))
    return changes


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Calendar) else value
