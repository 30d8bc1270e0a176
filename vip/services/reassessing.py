"""Bring people, and their open tickets, in step with what they are by now."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from nova.accounts.models import User
from nova.events.bus import publish_all
from nova.tenancy.rows import update_rows
from tickets import services as tickets
from tickets.models import Ticket
from tickets.rules import Weights
from tickets.services import VipMark
from vip.events import VipLevelChanged
from vip.gathering import gather
from vip.reading import standing_of
from vip.rules import Standing

READ = ("id", "tenant_id", "requester_id", "module", "vip_level", "vip_trigger_source")


@dataclass(frozen=True)
class Changed:
    """How many people, and how many of their tickets, bear another level than before."""

    people: int = 0
    tickets: int = 0


@transaction.atomic
def reassess(
    people: Collection[int],
    *,
    actor: User,
    now: datetime,
    because: str = "",
    is_among_many: bool = False,
) -> Changed:
    """Set the effective level of people, and with it their open tickets. No change, no event.

    The people are locked first, in one order, so that whoever opens a ticket meanwhile either
    reads the new standing or is waited for. As many statements for many people as for one.
    """
    rows = User.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk")
    held = list(rows.only("id", "tenant_id", "vip_level"))
    standings = gather(people, at=now).standings(now) if held else {}
    changed = [person for person in held if person.vip_level != standings[person.pk].level]
    events = [_level_changed(person, standings[person.pk], because) for person in changed]
    levels = [{"id": person.pk, "vip_level": standings[person.pk].level} for person in changed]
    update_rows(User, ("vip_level",), levels)
    publish_all(events, actor=actor, now=now)
    acting: dict[str, Any] = {"actor": actor, "now": now, "because": because}
    theirs = Ticket.objects.unresolved().filter(requester__in=list(standings)).only(*READ)
    marks = _marks(theirs, standings)
    marked = tickets.set_vips(marks, **acting, is_among_many=is_among_many)
    return Changed(len(changed), marked)


def reassess_ticket(ticket: Ticket, *, actor: User, now: datetime, because: str = "") -> None:
    """Give one open ticket the level that its requester has now. No change, no event."""
    if ticket.is_open:
        standing = standing_of(ticket.requester, at=now)
        marks = _marks([ticket], {ticket.requester_id: standing})
        tickets.set_vips(marks, actor=actor, now=now, because=because)


def _level_changed(person: User, standing: Standing, because: str) -> VipLevelChanged:
    return VipLevelChanged(
        tenant_id=person.tenant_id,
        person_id=person.pk,
        before=person.vip_level,
        after=standing.level,
        source=standing.source,
        reasons=list(standing.reasons),
        because=because,
    )


def _marks(
    open_tickets: Iterable[Ticket], standings: Mapping[int, Standing]
) -> dict[int, VipMark]:
    return dict(_each_mark(list(open_tickets), standings))


def _each_mark(
    open_tickets: list[Ticket], standings: Mapping[int, Standing]
) -> Iterator[tuple[int, VipMark]]:
    weights = tickets.weights_of(open_tickets[0].tenant_id) if open_tickets else Weights()
    for ticket in open_tickets:
        standing = standings[ticket.requester_id]
        yield (
            ticket.pk,
            VipMark(
                level=standing.level,
                source=standing.source,
                reasons=standing.reasons,
                points=weights.of_level(standing.level, ticket.module),
            ),
        )
