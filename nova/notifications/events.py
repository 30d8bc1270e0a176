"""The facts that notifications announce."""

from dataclasses import dataclass
from typing import ClassVar

from nova.events.base import Event


@dataclass(frozen=True, kw_only=True)
class PeopleNotified(Event):
    """People were told something in Nova: their pages are to show it."""

    needs: ClassVar[str] = "notifications.manage_deliveries"

    people: list[int]
    template: str
