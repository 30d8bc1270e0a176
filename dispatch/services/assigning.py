"""Give tickets to those whom the engine names: one at once, several all together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from dispatch.choices import Cause
from dispatch.engine.deciding import Card, candidate
from dispatch.engine.facts import Job
from dispatch.engine.matching import match
from dispatch.jobs import jobs_of
from dispatch.models import Decision
from dispatch.services.carrying import Decided, carry_out
from dispatch.services.desk import Desk, take_turn
from dispatch.services.routing import Named, name_teams
from nova.accounts.models import User
from tickets.models import Ticket
from tickets.models.ticket import QUEUE_ORDER
from tickets.services.locking import hold_all

BEFORE = 50  # tickets that wait before a new one, for which room is kept


def recommend(ticket: Ticket, now: datetime) -> Card | None:
    """Return what the engine would decide, and change nothing; None without engineers."""
    return recommend_all([ticket], now).get(ticket.pk)


def recommend_all(tickets: Sequence[Ticket], now: datetime) -> dict[int, Card]:
    """Return by ticket what would be decided if all of them were given out now, as they stand."""
    if not tickets:
        return {}
    desk = Desk.of(tickets[0].tenant_id, now)
    waiting = _in_order(each for each in tickets if each.is_open)
    if not desk.engineers or not waiting:
        return {}
    jobs = jobs_for(waiting, name_teams(waiting, desk.policy), desk)
    cards = _cards(waiting, jobs, desk)
    return {ticket.pk: card for ticket, card in zip(waiting, cards, strict=True)}


@transaction.atomic
def assign_by_engine(
    ticket_ids: Iterable[int], *, cause: Cause, actor: User, now: datetime
) -> list[Decision]:
    """Decide on tickets, and give them out if the desk's policy is to.

    Somebody who asks is answered for each open ticket; else only those that nobody has are
    looked at, after what waits before them. Several are matched with people all at once. A tenant
    without engineers is left alone. What was decided is told in the order of the queue.
    """
    take_turn(actor.tenant_id)
    tickets = [each for each in hold_all(ticket_ids) if each.is_open]
    if cause != Cause.ASKED:
        tickets = [each for each in tickets if each.assignee_id is None]
    desk = Desk.of(actor.tenant_id, now)
    if not tickets or not desk.engineers:
        return []
    is_automatic = desk.policy.is_automatic
    before = _waiting_before(tickets) if is_automatic and cause != Cause.ASKED else []
    found = _decided(tickets, before, desk)
    is_given = is_automatic or cause == Cause.ASKED
    return carry_out(found, cause=cause, desk=desk, is_given=is_given, actor=actor)


def _decided(asked: Sequence[Ticket], before: Sequence[Ticket], desk: Desk) -> list[Decided]:
    """Decide on all of these together, and return what was decided on those that are asked for."""
    pks = {ticket.pk for ticket in asked}
    tickets = _in_order([*asked, *(each for each in before if each.pk not in pks)])
    named = name_teams(tickets, desk.policy)
    cards = _cards(tickets, jobs_for(tickets, named, desk), desk)
    return [
        Decided.by_card(ticket, card, named.get(ticket.pk))
        for ticket, card in zip(tickets, cards, strict=True)
        if ticket.pk in pks
    ]


def _waiting_before(tickets: Sequence[Ticket]) -> list[Ticket]:
    """Return what nobody has and stands before the last of these in the queue, the first of it.

    It is given out by the balancer's next round. What it will get then is not given away now:
    else what comes late and asks for little would be served first.
    """
    last = max(tickets, key=_place)
    waiting = Ticket.objects.unresolved().filter(tenant=last.tenant_id, assignee=None)
    first = waiting.order_by(*QUEUE_ORDER)[:BEFORE]
    return [each for each in first if _place(each) < _place(last)]


def _in_order(tickets: Iterable[Ticket]) -> list[Ticket]:
    return sorted(tickets, key=_place)


def _place(ticket: Ticket) -> tuple[int, datetime, int]:
    """Return what orders tickets as the queue does."""
    return -ticket.vip_priority_score, ticket.queue_at, ticket.pk


def jobs_for(tickets: Sequence[Ticket], named: Mapping[int, Named], desk: Desk) -> list[Job]:
    """Return what tickets ask for; the team of one without it is the one that is named for it."""
    jobs = jobs_of(tickets, desk.now, desk.rest)
    return [replace(job, team=job.team or _team(named, job.pk)) for job in jobs]


def _team(named: Mapping[int, Named], ticket: int) -> int | None:
    return named[ticket].team if ticket in named else None


def _cards(tickets: Sequence[Ticket], jobs: Sequence[Job], desk: Desk) -> list[Card]:
    """Decide one by one; of several, the matching of all of them says who is first."""
    if len(jobs) == 1:
        return [desk.decide(jobs[0], tickets[0].assignee_id)]
    people = list(desk.engineers.values())
    found = match(jobs, people, desk.policy.for_engine(), desk.now)
    chosen = {given.job: people[given.engineer].pk for given in found}
    cards = []
    for at, (ticket, job) in enumerate(zip(tickets, jobs, strict=True)):
        card = matched(desk.decide(job, ticket.assignee_id), chosen.get(at), desk)
        if card.primary:
            desk.give(job, card.primary.engineer.pk)
        cards.append(card)
    return cards


def matched(card: Card, person: int | None, desk: Desk) -> Card:
    """Put whom the matching names first; who would come next stands behind them."""
    if person is None:
        return replace(card, primary=None, backup=None)
    first = candidate(desk.engineers[person], card.job, card.policy)
    others = [each for each in card.ranked if each.engineer.pk != person]
    return replace(card, primary=first, backup=others[0] if others else None)
