"""Read the tables of `nova.settings` that say who listens to what."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

TAKES_BATCHES, TAKES_NOW = "takes_batches", "takes_now"
Listener = TypeVar("Listener", bound=Callable[..., None])


def takes_batches(listener: Listener) -> Listener:
    """Mark who takes many facts at once, because their effects coalesce.

    A consumer so marked takes a list of records; a handler takes `events` of one name, with the
    `actor` and the `now` that they share.
    """
    setattr(listener, TAKES_BATCHES, True)
    return listener


def takes_now(consumer: Listener) -> Listener:
    """Mark a consumer that acts by how things stand when it reads, and not when facts occurred.

    It takes that instant as `now`.
    """
    setattr(consumer, TAKES_NOW, True)
    return consumer


def listeners(table: Mapping[str, Sequence[str]], event_name: str) -> list[str]:
    """Return the paths that `table` gives an event, in order; "*" listens to every event."""
    return [*table.get(event_name, ()), *table.get("*", ())]


def wants(names: Sequence[str], event_name: str) -> bool:
    """Say whether a consumer wired to `names` reads this event."""
    return "*" in names or event_name in names
