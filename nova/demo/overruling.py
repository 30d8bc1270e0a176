"""Where people of the demo saw it otherwise than the engine, and what became of it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from dispatch import services as dispatch
from dispatch.choices import Cause, OverrideStatus
from nova.accounts.models import User
from nova.accounts.system import system_of
from nova.demo.cast import Cast
from tickets.choices import Status
from tickets.models import Ticket

BEGUN = (Status.ACKNOWLEDGED, Status.DIAGNOSING)
LOOKED_AT = 30  # tickets, of which the engine has two people to name for some
WISHES = (
    ("Knows the wiring of this studio", OverrideStatus.APPROVED),
    ("Talks with them about it already", OverrideStatus.APPROVED),
    ("Wants to learn it", OverrideStatus.REFUSED),
    ("Is on site today", OverrideStatus.ASKED),
)


def overrule(cast: Cast, *, now: datetime) -> None:
    """Let a technician ask for the backup instead of the recommended, and the lead answer."""
    asker, lead = cast.people["tech"], cast.people["lead"]
    by_lead: dict[str, Any] = {"actor": lead, "now": now}
    for (ticket, backup), (reason, status) in zip(_decided(cast, now), WISHES, strict=False):
        wish = dispatch.ask_override(
            ticket,
            backup,
            reason=reason,
            approver=lead,
            actor=asker,
            now=now,
        )
        if status == OverrideStatus.APPROVED:
            dispatch.approve_override(wish.pk, **by_lead)
        elif status == OverrideStatus.REFUSED:
            dispatch.refuse_override(wish.pk, comment="Next week, with somebody beside", **by_lead)


def _decided(cast: Cast, now: datetime) -> Iterator[tuple[int, User]]:
    """Ask the engine about what was taken up last; yield what has a backup by that, and whom."""
    taken_up = Ticket.objects.filter(
        tenant=cast.tenant, status__in=BEGUN, vip_level="", deleted_at=None
    )
    for ticket in taken_up.order_by("-opened_at", "-pk")[:LOOKED_AT]:
        made = dispatch.assign_by_engine(
            [ticket.pk], cause=Cause.ASKED, actor=system_of(cast.tenant.pk), now=now
        )
        yield from ((each.ticket_id, each.backup) for each in made if each.backup)
