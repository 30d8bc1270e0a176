"""The facts that notifications announce."""

from dataclasses import dataclass
from typing import ClassVar

from nova.accounts.events import PersonEvent
from nova.events.base import Event


@dataclass(frozen=True, kw_only=True)
class PeopleNotified(Event):
    """People were told something in Nova: their pages are to show it."""

    needs: ClassVar[str] = "notifications.manage_deliveries"

    people: list[int]
    template: str


@dataclass(frozen=True, kw_only=True)
class AlertsSettled(PeopleNotified):
    """Somebody saw to what people were alerted of: their pages need not show it any more."""


@dataclass(frozen=True, kw_only=True)
class DeviceEvent(PersonEvent):
    """Something about a device on which a person is told of alerts."""

    needs: ClassVar[str] = "notifications.manage_deliveries"

    device: str


@dataclass(frozen=True, kw_only=True)
class DeviceAdded(DeviceEvent):
    """A person turned alerts on in a browser."""


@dataclass(frozen=True, kw_only=True)
class DeviceRenewed(DeviceEvent):
    """A browser is told of alerts at another address, which its push service gave it."""


@dataclass(frozen=True, kw_only=True)
class DeviceRemoved(DeviceEvent):
    """A browser is told of nothing any more; `because` says why."""

    because: str
