"""Keep each decision as a card, and give the ticket to whom it names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Model

from dispatch.cards import plain_of
from dispatch.choices import Cause
from dispatch.engine.deciding import Candidate, Card
from dispatch.events import TicketDecided
from dispatch.models import BalanceRun, Decision
from dispatch.models import Engineer as EngineerRow
from dispatch.services.desk import Desk
from dispatch.services.routing import Named
from dispatch.words import because_of
from nova.accounts.models import User
from nova.events.bus import publish_all
from tickets.models import Ticket
from tickets.services import assign_each

LONGEST_REASON = 250


@dataclass(frozen=True, kw_only=True)
class Decided:
    """What was decided on a held ticket: whom the card names, the team that was found for it.

    `taken_from` had it; where the card names nobody it waits from then on. `said` is why.
    """

    ticket: Ticket
    card: Card
    said: str
    named: Named | None = None
    taken_from: int | None = None

    @classmethod
    def by_card(cls, ticket: Ticket, card: Card, named: Named | None) -> "Decided":
        return cls(ticket=ticket, card=card, said=because_of(card), named=named)

    @property
    def because(self) -> str:
        return self.said[:LONGEST_REASON]

    @property
    def people(self) -> set[int]:
        named = (self.card.primary, self.card.backup)
        return {each.engineer.pk for each in named if each}

    def wanted(self, people: Mapping[int, User]) -> dict[str, Model | None]:
        """Return what of the ticket is to be otherwise; of those it names `people` knows all."""
        wanted: dict[str, Model | None] = {}
        if self.named and self.named.found:
            wanted["team"] = self.named.found
        if self.card.primary or self.taken_from:
            wanted["assignee"] = _person(self.card.primary, people)
            wanted["backup"] = _person(self.card.backup, people)
        return wanted


def carry_out(
    found: Sequence[Decided],
    *,
    cause: Cause,
    desk: Desk,
    is_given: bool,
    actor: User,
    run: BalanceRun | None = None,
) -> list[Decision]:
    """Keep the cards of held tickets, tell of them, and give the tickets out if `is_given`.

    `run` is the round of the balancer that they are of.
    """
    decisions = [_decision(each, cause, desk, actor, run) for each in found]
    Decision.objects.bulk_create(decisions)
    if is_given:
        _give(found, desk, actor)
    publish_all([_event(each, is_given) for each in decisions], actor=actor, now=desk.now)
    return decisions


def _give(found: Sequence[Decided], desk: Desk, actor: User) -> None:
    people = User.objects.in_bulk(set[int]().union(*(each.people for each in found)))
    wanted = {each.ticket.pk: each.wanted(people) for each in found}
    given = [each for each in found if wanted[each.ticket.pk]]
    assign_each(
        [each.ticket for each in given],
        wanted,
        reasons={each.ticket.pk: each.because for each in given},
        actor=actor,
        now=desk.now,
    )
    firsts = [each.card.primary.engineer.pk for each in found if each.card.primary]
    EngineerRow.objects.filter(person__in=firsts).update(last_given_at=desk.now)


def _person(each: Candidate | None, people: Mapping[int, User]) -> User | None:
    return people[each.engineer.pk] if each else None


def _decision(
    found: Decided, cause: Cause, desk: Desk, actor: User, run: BalanceRun | None
) -> Decision:
    card, named = found.card, found.named
    plain, secret = plain_of(card)
    return Decision(
        tenant_id=found.ticket.tenant_id,
        ticket=found.ticket,
        policy=desk.policy,
        cause=cause,
        at=desk.now,
        actor=actor,
        team_id=card.job.team,
        primary_id=card.primary.engineer.pk if card.primary else None,
        backup_id=card.backup.engineer.pk if card.backup else None,
        taken_from_id=found.taken_from,
        run=run,
        because=found.because,
        card={**plain, "routed": named.plain() if named else None},
        secret=secret,
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
