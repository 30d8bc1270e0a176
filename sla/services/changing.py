"""Set what differs on a row of the catalogue, and tell what did."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Model

from nova.events.base import Change


def set_changed(row: Model, fields: Mapping[str, Any]) -> dict[str, Change]:
    """Set what differs; return by field the value before and after."""
    changes: dict[str, Change] = {}
    for name, value in fields.items():
        before = getattr(row, name)
        if before != value:
            setattr(row, name, value)
            changes[name] = (_plain(before), _plain(value))
    return changes


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return str(value)
    return value.isoformat() if isinstance(value, datetime) else value
