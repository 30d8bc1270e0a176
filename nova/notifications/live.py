"""Whose pages hear of notifications: those of the people notified."""

from collections.abc import Iterator

from nova.accounts.models import User
from nova.events.models import EventRecord
from nova.notifications.events import PeopleNotified


def own_topic(user: User, argument: str) -> str | None:
    """Resolve "alerts" and "notifications": everybody may follow their own."""
    return None if argument else _group(user.pk)


def sources(event: PeopleNotified, record: EventRecord) -> Iterator[str]:
    """Yield who hears of an event."""
    for person_id in event.people:
        yield _group(person_id)


def _group(person_id: int) -> str:
    return f"person.{person_id}"
