"""Give tickets to those whom the engine names, and keep each decision as a card.

Decisions of a tenant come one after the other: each sees the loads that those before it made, so
that no two workers fill the same place.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from dispatch.cards import plain_of
from dispatch.choices import Cause
from dispatch.engine.deciding import Candidate, Card, candidate, decide
from dispatch.engine.facts import Engineer, Job
from dispatch.engine.matching import match
from dispatch.events import TicketDecided
from dispatch.jobs import jobs_of
from dispatch.models import AssignmentPolicy, Decision
from dispatch.models import Engineer as EngineerRow
from dispatch.reading import engineers_of
from dispatch.services.policies import current_policy
from dispatch.services.routing import Named, name_teams
from dispatch.words import because_of
from nova.accounts.models import User
from nova.events.bus import publish_all
from tickets.models import Ticket
from tickets.services import assign_each
from tickets.services.locking import hold_all

TURNS = "SELECT pg_advisory_xact_lock(hashtext('dispatch.assigning'), %s)"


@dataclass
class Desk:
    """The people of a desk while work is given out: loads grow with what they are given."""

    policy: AssignmentPolicy
    now: datetime
    engineers: dict[int, Engineer] = field(default_factory=dict)

    @classmethod
    def of(cls, tenant_id: int, now: datetime) -> "Desk":
        policy = current_policy(tenant_id, now)
        return cls(policy, now, {each.pk: each for each in engineers_of(tenant_id, now)})

    @property
    def rest(self) -> timedelta:
        return timedelta(minutes=self.policy.balance_rest)

    def decide(self, job: Job, holder: int | None = None) -> Card:
        """Return the card of a job. What its holder has of load by it does not count."""
        people = self.engineers.values()
        if holder in self.engineers:
            held = self.engineers[holder]
            less = replace(held, load=max(0, held.load - job.points))
            people = {**self.engineers, holder: less}.values()
        return decide(job, people, self.policy.for_engine(), self.now)

    def give(self, job: Job, person: int) -> None:
        given = self.engineers[person]
        self.engineers[person] = replace(
            given, load=given.load + job.points, last_given_at=self.now
        )

    def move(self, job: Job, source: int | None, target: int | None) -> None:
        """Let loads follow a move; None: it waited, or is to wait."""
        if source in self.engineers:
            held = self.engineers[source]
            self.engineers[source] = replace(held, load=max(0, held.load - job.points))
        if target is not None:
            self.give(job, target)


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
    looked at. Several are matched with people all at once. A tenant without engineers is left
    alone. What was decided is told in the order of the queue.
    """
    take_turn(actor.tenant_id)
    tickets = [each for each in hold_all(ticket_ids) if each.is_open]
    if cause != Cause.ASKED:
        tickets = [each for each in tickets if each.assignee_id is None]
    desk = Desk.of(actor.tenant_id, now)
    if not tickets or not desk.engineers:
        return []
    tickets = _in_order(tickets)
    named = name_teams(tickets, desk.policy)
    jobs = jobs_for(tickets, named, desk)
    cards = _cards(tickets, jobs, desk)
    is_given = desk.policy.is_automatic or cause == Cause.ASKED
    return carry_out(tickets, cards, named, cause=cause, desk=desk, is_given=is_given, actor=actor)


def take_turn(tenant_id: int) -> None:
    """Wait until no other transaction gives out work of the tenant."""
    with connection.cursor() as cursor:
        cursor.execute(TURNS, [tenant_id])


def _in_order(tickets: Iterable[Ticket]) -> list[Ticket]:
    return sorted(tickets, key=lambda each: (-each.vip_priority_score, each.queue_at, each.pk))


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


def carry_out(
    tickets: Sequence[Ticket],
    cards: Sequence[Card],
    named: Mapping[int, Named],
    *,
    cause: Cause,
    desk: Desk,
    is_given: bool,
    actor: User,
    **told: Any,
) -> list[Decision]:
    """Keep the cards of held tickets, give the tickets to whom they name, and tell of both.

    `told` are further columns of the decisions, such as the `run` of the balancer; what it takes
    from somebody for nobody waits from then on.
    """
    decisions = [
        _decision(ticket, card, named.get(ticket.pk), cause, desk, actor, **told)
        for ticket, card in zip(tickets, cards, strict=True)
    ]
    Decision.objects.bulk_create(decisions)
    people = User.objects.in_bulk({pk for card in cards for pk in _pks(card)})
    if is_given:
        given = [
            (ticket, card)
            for ticket, card in zip(tickets, cards, strict=True)
            if card.primary or ticket.pk in named or told.get("taken_from_id")
        ]
        wanted = {t.pk: _people(c, people, named.get(t.pk)) for t, c in given}
        if told.get("taken_from_id"):
            wanted = {
                pk: {"assignee": None, "backup": None, **each} for pk, each in wanted.items()
            }
        reasons = {each.ticket_id: each.because for each in decisions}
        assign_each([t for t, _ in given], wanted, reasons=reasons, actor=actor, now=desk.now)
        firsts = [c.primary.engineer.pk for c in cards if c.primary]
        EngineerRow.objects.filter(person__in=firsts).update(last_given_at=desk.now)
    publish_all([_event(each, is_given) for each in decisions], actor=actor, now=desk.now)
    return decisions


def _pks(card: Card) -> Iterable[int]:
    return [each.engineer.pk for each in (card.primary, card.backup) if each]


def _people(
    card: Card, people: Mapping[int, User], named: Named | None
) -> dict[str, Model | None]:
    wanted: dict[str, Model | None] = {"team": named.found} if named and named.found else {}
    if card.primary:
        wanted["assignee"] = _person(card.primary, people)
        wanted["backup"] = _person(card.backup, people)
    return wanted


def _person(each: Candidate | None, people: Mapping[int, User]) -> User | None:
    return people[each.engineer.pk] if each else None


def _decision(
    ticket: Ticket,
    card: Card,
    named: Named | None,
    cause: Cause,
    desk: Desk,
    actor: User,
    **told: Any,
) -> Decision:
    plain, secret = plain_of(card)
    return Decision(
        tenant_id=ticket.tenant_id,
        ticket=ticket,
        policy=desk.policy,
        cause=cause,
        at=desk.now,
        actor=actor,
        team_id=card.job.team,
        primary_id=card.primary.engineer.pk if card.primary else None,
        backup_id=card.backup.engineer.pk if card.backup else None,
        because=told.pop("because", "") or because_of(card),
        card={**plain, "routed": named.plain() if named else None},
        secret=secret,
        **told,
    )


def _event(decision: Decision, is_given: bool) -> TicketDecided:
    return TicketDecided(
        tenant_id=decision.tenant_id,
        ticket_id=decision.ticket_id,
        decision_id=decision.pk,
        cause=decision.cause,
        because=decision.because,
        primary_id=decision.primary_id,
        backup_id=decision.backup_id,
        taken_from_id=decision.taken_from_id,
        is_carried_out=is_given and decision.primary_id is not None,
    )
