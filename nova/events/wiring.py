"""Read the tables of `nova.settings` that say who listens to what."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

TAKES_BATCHES = "takes_batches"
Consumer = TypeVar("Consumer", bound=Callable[[Any], None])


def takes_batches(consumer: Consumer) -> Consumer:
    """Mark a consumer that takes a list of records at once, because its effects coalesce."""
    setattr(consumer, TAKES_BATCHES, True)
    return consumer


def listeners(table: Mapping[str, Sequence[str]], event_name: str) -> list[str]:
    """Return the paths that `table` gives an event, in order; "*" listens to every event."""
    return [*table.get(event_name, ()), *table.get("*", ())]


def wants(names: Sequence[str], event_name: str) -> bool:
    """Say whether a consumer wired to `names` reads this event."""
    return "*" in names or event_name in names
