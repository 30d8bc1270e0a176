"""Ask who is at work. Nobody here waits for the network: what is read was stored before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from dispatch.attendance.rules import presence_of
from dispatch.engine.facts import Presence
from dispatch.models import AttendanceSource, AttendanceState, Engineer
from dispatch.presence import presences as by_roster
from nova.accounts.models import User


class Gateway(Protocol):
    """Says by the ids of engineers whether they are at work, in as many queries for many.

    Asks for `person` of each, for the zone. The roster is the one that every tenant has.
    """

    def __call__(
        self, engineers: Sequence[Engineer], now: datetime, /
    ) -> Mapping[int, Presence]: ...


@dataclass(frozen=True)
class ByService:
    """Says what the organisation's own service said last, and of others what the roster does."""

    source: AttendanceSource

    def __call__(self, engineers: Sequence[Engineer], now: datetime, /) -> Mapping[int, Presence]:
        rostered = by_roster(engineers, now)
        found = AttendanceState.objects.filter(source=self.source, engineer__in=rostered)
        said = {state.engineer_id: state.said for state in found}
        return {
            pk: presence_of(said.get(pk), self.source.answered_at, roster, now)
            for pk, roster in rostered.items()
        }


def is_out(person: User, now: datetime) -> bool:
    """Say whether somebody who is given work is not at work. Of others it is not known."""
    engineers = Engineer.objects.filter(person=person).select_related("person")
    present = gateway_of(person.tenant_id)(list(engineers), now)
    return any(each.until is None or each.until <= now for each in present.values())


def gateway_of(tenant_id: int) -> Gateway:
    """Return what a tenant has settled on: its service where one is asked, or else the roster."""
    source = AttendanceSource.objects.filter(tenant=tenant_id, is_on=True).first()
    return ByService(source) if source else by_roster
