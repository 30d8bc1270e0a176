"""Tell of the steps that clocks passed, and whom they reach; and escalate by hand."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from nova.accounts.chain import Found, Organisation, Place, Post, Search
from nova.accounts.models import User
from nova.errors import Refused
from nova.events.base import Event
from nova.events.bus import publish_all
from sla.choices import Whom
from sla.events import ClockEscalated, TicketEscalated, VipClockEscalated
from sla.ladders import LADDERS
from sla.ledger import Cycle
from sla.models import Clock, steps_by
from sla.organisation import organisation_of
from sla.rules import Step
from sla.standing import levels_of
from sla.steps import BY_LEVEL, LEVELS, Escalation, highest, is_early
from tickets.models import Ticket
from tickets.places import places_of
from tickets.services.locking import hold_all

TOP = max(BY_LEVEL)
REACHED = {**LEVELS, Post.MANAGERS: TOP}


class Crossing(NamedTuple):
    """A clock that passed steps, and the cycle that did."""

    clock: Clock
    cycle: Cycle
    steps: Sequence[Step]


class Fired(NamedTuple):
    """A step that a clock tells of."""

    clock: Clock
    escalation: Escalation
    is_vips_only: bool


def escalations(crossings: Sequence[Crossing], now: datetime) -> list[Event]:
    """Return what is told of steps that were passed, and note on the clocks that it was.

    Of several at once only the highest, and never one twice for one cycle of a clock. As many
    queries for one clock as for many.
    """
    fired = _fired(crossings) if crossings else []
    if not fired:
        return []
    organisation = organisation_of(fired[0].clock.tenant_id)
    places = places_of({each.clock.ticket_id for each in fired})
    return [_told(each, organisation, places[each.clock.ticket_id], now) for each in fired]


@transaction.atomic
def escalate_ticket(
    ticket_id: int, *, reason: str, actor: User, now: datetime, level: int | None = None
) -> TicketEscalated:
    """Escalate a ticket to a level of the chain, or to the next one, and tell who stands there.

    Raises `Refused` where the ticket is done or deleted, or nobody is there.
    """
    refused, told = _escalate([ticket_id], reason, level, actor, now)
    for refusal in refused.values():
        raise Refused(refusal)
    return told[0]


@transaction.atomic
def escalate_many(
    ticket_ids: Iterable[int],
    *,
    reason: str,
    actor: User,
    now: datetime,
    level: int | None = None,
) -> dict[str, str]:
    """Escalate tickets, each as `escalate_ticket` does; return by reference why one refused."""
    return _escalate(ticket_ids, reason, level, actor, now)[0]


def _fired(crossings: Sequence[Crossing]) -> list[Fired]:
    tickets = Ticket.objects.filter(pk__in={clock.ticket_id for clock, _, _ in crossings})
    levels = dict(tickets.values_list("pk", "vip_level"))
    return [
        fired
        for crossing in crossings
        for fired in _fired_on(crossing, levels[crossing.clock.ticket_id])
    ]


def _fired_on(crossing: Crossing, vip_level: str) -> list[Fired]:
    clock, cycle, steps = crossing
    version = steps_by(clock.policy_version_id)
    known = [version.known_by(step.key) for step in steps]
    meant = [each for each in known if each and each.is_for(vip_level)]
    fired = []
    for escalation in highest(cycle, meant):
        key = f"{escalation.step.key}/v{clock.policy_version_id or ''}"
        if key not in clock.told:
            clock.told = [*clock.told, key]
            fired.append(Fired(clock, escalation, version.tells_of_vips(escalation)))
    return fired


def _told(fired: Fired, organisation: Organisation, place: Place, now: datetime) -> Event:
    clock, escalation, is_vips_only = fired
    told: dict[int, dict[str, Any]] = {}
    passed: list[str] = []
    for whom in escalation.tells:
        only_knowing = is_vips_only and is_early(escalation, whom)
        found = Search(organisation, place, now, only_knowing).find(LADDERS[whom])
        told |= {row["id"]: row for row in _rows(found) if row["id"] not in told}
        passed += [post for post in found.passed if post not in passed]
    kind = VipClockEscalated if is_vips_only else ClockEscalated
    return kind(
        tenant_id=clock.tenant_id,
        ticket_id=clock.ticket_id,
        metric=clock.metric,
        cycle=clock.number,
        step=escalation.step.key,
        version_id=clock.policy_version_id,
        percent=escalation.step.percent,
        offset_seconds=escalation.step.offset_seconds,
        level=_level(escalation.level, told.values()),
        told=list(told.values()),
        passed=passed,
    )


def _level(asked: int, told: Iterable[Mapping[str, Any]]) -> int:
    """Return the level that was asked for, or the one above it where somebody was."""
    return max([asked, *(REACHED.get(each["post"], 0) for each in told)])


def _rows(found: Found) -> list[dict[str, Any]]:
    return [
        {
            "id": told.person.pk,
            "name": told.person.name,
            "post": told.post.value,
            "instead_of": told.instead_of,
        }
        for told in found.told
    ]


def _escalate(
    ticket_ids: Iterable[int], reason: str, level: int | None, actor: User, now: datetime
) -> tuple[dict[str, str], list[TicketEscalated]]:
    tickets = hold_all(ticket_ids)
    organisation = organisation_of(actor.tenant_id)
    places = places_of([ticket.pk for ticket in tickets])
    present = levels_of([ticket.pk for ticket in tickets], actor)
    refused: dict[str, str] = {}
    events: list[TicketEscalated] = []
    for ticket in tickets:
        asked = level or min(present.get(ticket.pk, 0) + 1, TOP)
        found = Search(organisation, places[ticket.pk], now).find(LADDERS[BY_LEVEL[asked]])
        refusal = _refusal(ticket, found, asked)
        if refusal:
            refused[ticket.reference] = refusal
        else:
            events.append(_by_hand(ticket, asked, found, reason))
    if events:
        publish_all(events, actor=actor, now=now)
    return refused, events


def _refusal(ticket: Ticket, found: Found, level: int) -> str:
    names = {"ticket": ticket.reference, "post": Whom(BY_LEVEL[level]).label}
    if ticket.deleted_at is not None:
        return _("%(ticket)s is deleted. Restore it first.") % names
    if not ticket.is_open:
        return _("%(ticket)s is done: there is nothing to escalate.") % names
    if not found.told:
        return _("Nobody is there for %(ticket)s from %(post)s upwards.") % names
    return ""


def _by_hand(ticket: Ticket, level: int, found: Found, reason: str) -> TicketEscalated:
    return TicketEscalated(
        tenant_id=ticket.tenant_id,
        ticket_id=ticket.pk,
        level=_level(level, _rows(found)),
        told=_rows(found),
        passed=[post.value for post in found.passed],
        reason=reason,
    )
