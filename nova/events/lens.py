"""What of an event a reader may see: one function for the feed, timelines and webhooks."""

from collections.abc import Callable, Mapping
from typing import Any

from nova.events.base import Event

Holds = Callable[[str], bool]
SEAL = ("hash", "previous_hash")


def may_learn(name: str, holds: Holds) -> bool:
    """Say whether a reader with these permissions may learn of an event of this name at all."""
    kind = Event.types.get(name)
    return kind is None or not kind.needs or holds(kind.needs)


def hidden_names(holds: Holds) -> list[str]:
    """Return the names of all events that such a reader must not learn of."""
    return [name for name in Event.types if not may_learn(name, holds)]


def public_names() -> list[str]:
    """Return the names of the events that a requester may learn of."""
    return [name for name, kind in Event.types.items() if kind.is_public]


def shown(fact: Mapping[str, Any], holds: Holds) -> dict[str, Any]:
    """Return an event without the payload fields that the reader's permissions withhold.

    Where one is withheld the seal goes too: it covers the whole payload, and trying a handful
    of levels against it would tell the one that was hidden.
    """
    kind = Event.types.get(fact["name"])
    secret = kind.secret_fields if kind else {}
    hidden = {field for field, permission in secret.items() if not holds(permission)}
    if not hidden:
        return dict(fact)
    payload = {field: value for field, value in fact["payload"].items() if field not in hidden}
    return {**{key: value for key, value in fact.items() if key not in SEAL}, "payload": payload}
