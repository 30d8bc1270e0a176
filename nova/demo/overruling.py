"""Where people of the demo saw it otherwise than the engine, and what became of it."""

from collections import deque
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from dispatch import services as dispatch
from dispatch.choices import Cause, OverrideStatus
from nova.accounts.models import User
from nova.accounts.system import system_of
from nova.demo.cast import Cast
from nova.demo.plot import HOUR, SATURDAY
from tickets.choices import Status
from tickets.models import Ticket

BEGUN = (Status.ACKNOWLEDGED, Status.DIAGNOSING)
DAYS = 14
MORNING, EVENING = 8, 15  # hours in UTC between which most of the desk is there


class Ask(NamedTuple):
    """Why somebody else is asked for, and what becomes of it."""

    reason: str
    status: OverrideStatus


SETTLED = (
    Ask("Knows the wiring of this studio", OverrideStatus.APPROVED),
    Ask("Wants to learn it", OverrideStatus.REFUSED),
    Ask("Talks with them about it already", OverrideStatus.APPROVED),
)
AWAITED = (Ask("Is on site today", OverrideStatus.ASKED),)


def when_full(now: datetime) -> list[datetime]:
    """Return the hours of the last days at which the desk was full, in the order of time.

    Only then does the engine have more than one to name.
    """
    hours = (now - hour * HOUR for hour in range(DAYS * 24, 0, -1))
    return [at for at in hours if at.weekday() < SATURDAY and MORNING <= at.hour < EVENING]


def overrule(cast: Cast, asks: deque[Ask], *, now: datetime) -> None:
    """Let a technician ask for the backup instead of the recommended, and the lead answer."""
    while asks and (found := next(_decided(cast, now), None)):
        _overrule(cast, *found, asks.popleft(), now)


def _overrule(cast: Cast, ticket: int, backup: User, ask: Ask, now: datetime) -> None:
    asker, lead = cast.people["tech"], cast.people["lead"]
    by_lead: dict[str, Any] = {"actor": lead, "now": now}
    made = dispatch.ask_override(
        ticket,
        backup,
        reason=ask.reason,
        approver=lead,
        actor=asker,
        now=now,
    )
    if ask.status == OverrideStatus.APPROVED:
        dispatch.approve_override(made.pk, **by_lead)
    elif ask.status == OverrideStatus.REFUSED:
        dispatch.refuse_override(made.pk, comment="Next week, with somebody beside", **by_lead)


def _decided(cast: Cast, now: datetime) -> Iterator[tuple[int, User]]:
    """Ask the engine about what is taken up; yield what has a backup by that, and whom."""
    taken_up = Ticket.objects.filter(
        tenant=cast.tenant, status__in=BEGUN, vip_level="", deleted_at=None, overrides=None
    )
    for ticket in taken_up.order_by("-opened_at", "-pk"):
        made = dispatch.assign_by_engine(
            [ticket.pk], cause=Cause.ASKED, actor=system_of(cast.tenant.pk), now=now
        )
        yield from ((each.ticket_id, each.backup) for each in made if each.backup)
