"""Read the tables of `nova.settings` that say who listens to what."""

from collections.abc import Mapping, Sequence


def listeners(table: Mapping[str, Sequence[str]], event_name: str) -> list[str]:
    """Return the paths that `table` gives an event, in order; "*" listens to every event."""
    return [*table.get(event_name, ()), *table.get("*", ())]


def wants(names: Sequence[str], event_name: str) -> bool:
    """Say whether a consumer wired to `names` reads this event."""
    return "*" in names or event_name in names
