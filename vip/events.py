"""Facts about VIPs. Any app may import this module; it imports no app."""

from dataclasses import dataclass
from typing import ClassVar

from nova.events.base import Event


@dataclass(frozen=True, kw_only=True)
class VipEvent(Event):
    """A fact that only those may learn who may see who is a VIP."""

    needs: ClassVar[str] = "tickets.view_vip_flag"


@dataclass(frozen=True, kw_only=True)
class VipDesignated(VipEvent):
    subject: ClassVar[str] = "designation_id"

    designation_id: int
    target_kind: str
    target_id: int
    level: str
    source: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class VipRevoked(VipEvent):
    subject: ClassVar[str] = "designation_id"

    designation_id: int
    target_kind: str
    target_id: int
    level: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class VipLevelChanged(VipEvent):
    """A person's effective level changed; `reasons` are the grounds of the new one."""

    subject: ClassVar[str] = "person_id"

    person_id: int
    before: str
    after: str
    reasons: list[str]
