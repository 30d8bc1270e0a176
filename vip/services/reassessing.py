"""Bring people, and their open tickets, in step with what they are by now."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from nova.accounts.models import User
from nova.events.bus import publish_all
from nova.tenancy.rows import update_rows
from tickets import services as tickets
from tickets.models import Ticket
from tickets.services import VipMark
from vip.events import VipLevelChanged
from vip.gathering import gather
from vip.models import Recognition
from vip.reading import applied_until, hold_standings, standings_of_tickets
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
    at = applied_until(now)
    standings = gather(people, at=at).standings(at) if held else {}
    changed = [person for person in held if person.vip_level != standings[person.pk].level]
    events = [_level_changed(person, standings[person.pk], because) for person in changed]
    levels = [{"id": person.pk, "vip_level": standings[person.pk].level} for person in changed]
    update_rows(User, ("vip_level",), levels)
    publish_all(events, actor=actor, now=now)
    acting: dict[str, Any] = {"actor": actor, "now": now, "because": because}
    theirs = _tickets_of(standings)
    marks = _marks(theirs, standings, at)
    marked = tickets.set_vips(marks, **acting, is_among_many=is_among_many)
    return Changed(len(changed), marked)


def reassess_ticket(ticket: Ticket, *, actor: User, now: datetime, because: str = "") -> None:
    """Give one open ticket the level that those have now whom it is for. No change, no event."""
    if ticket.is_open:
        marks = _marks([ticket], {}, applied_until(now))
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


def _tickets_of(people: Mapping[int, Standing]) -> list[Ticket]:
    """Return the open tickets of these people, and those that are for them by what Cosmo read.

    Of the latter nobody else who counts may be reassessed meanwhile.
    """
    holding = Recognition.objects.holding().filter(person__in=list(people))
    recognised = list(holding.values_list("ticket", flat=True))
    unresolved = Ticket.objects.unresolved().only(*READ)
    theirs = list(unresolved.filter(requester__in=list(people)))
    if recognised:
        known = {ticket.pk for ticket in theirs}
        others = list(unresolved.filter(pk__in=set(recognised) - known))
        beside = Recognition.objects.holding().filter(ticket__in=recognised)
        counting = {ticket.requester_id for ticket in others}
        hold_standings(sorted(counting.union(beside.values_list("person", flat=True))))
        theirs += others
    return theirs


def _marks(
    open_tickets: Collection[Ticket], known: Mapping[int, Standing], at: datetime
) -> dict[int, VipMark]:
    if not open_tickets:
        return {}
    weights = tickets.weights_of(next(iter(open_tickets)).tenant_id)
    standings = standings_of_tickets(open_tickets, known, at=at)
    return {
        ticket.pk: _mark(standings[ticket.pk], weights.of_level(level, ticket.module))
        for ticket in open_tickets
        for level in [standings[ticket.pk].level]
    }


def _mark(standing: Standing, points: int) -> VipMark:
    return VipMark(
        level=standing.level, source=standing.source, reasons=standing.reasons, points=points
    )
