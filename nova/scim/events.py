"""The facts that provisioning announces. Those of people and groups are told by accounts."""

from dataclasses import dataclass
from typing import ClassVar

from nova.events.base import Event


@dataclass(frozen=True, kw_only=True)
class MappingEvent(Event):
    """Something about what a group brings: `team` or `role`, of which one is empty."""

    subject: ClassVar[str] = "mapping_id"
    needs: ClassVar[str] = "scim.map_groups"

    mapping_id: int
    group: str
    team: str
    role: str


@dataclass(frozen=True, kw_only=True)
class GroupMapped(MappingEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class GroupUnmapped(MappingEvent):
    pass
