"""The balancer at work: take back, drain and even out, and keep each move as a decision."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import takewhile
from typing import NamedTuple

from django.db import transaction

from dispatch.balancing.facts import Held, Limits, Move, Plan
from dispatch.balancing.planning import plan
from dispatch.balancing.words import why
from dispatch.choices import Cause, MoveReason
from dispatch.engine.facts import WHOLE, Job
from dispatch.events import LoadBalanced
from dispatch.holding import held_of, open_tickets
from dispatch.models import AssignmentPolicy, BalanceRun
from dispatch.models import Engineer as EngineerRow
from dispatch.services.assigning import jobs_for, matched
from dispatch.services.carrying import Decided, carry_out
from dispatch.services.desk import Desk, take_turn
from dispatch.services.routing import Named, name_teams
from nova.accounts.models import User
from nova.events.bus import publish
from tickets.models import Ticket
from tickets.services.locking import hold_all

CAUSES = {
    MoveReason.DRAINED: Cause.DRAINED,
    MoveReason.BALANCE: Cause.BALANCED,
    MoveReason.OVER: Cause.BALANCED,
}


class Planned(NamedTuple):
    """What a round would do, and the people and tickets for which it was found."""

    plan: Plan
    desk: Desk
    tickets: dict[int, Ticket]
    jobs: dict[int, Job]
    named: dict[int, Named]


def limits_of(policy: AssignmentPolicy) -> Limits:
    """Return how far the balancer goes by a version of the policy."""
    return replace(
        Limits(),
        most_moves=policy.balance_most,
        unacknowledged_after=timedelta(minutes=policy.balance_unanswered),
        hands_for=timedelta(minutes=policy.balance_in_hands),
        rest=timedelta(minutes=policy.balance_rest),
        least_difference=policy.balance_gap * WHOLE // 100,
    )


def plan_balance(tenant_id: int, *, now: datetime) -> Planned | None:
    """Return what a round would move, and change nothing; None without engineers or tickets.

    Where the policy takes nothing back, what waits is given out all the same.
    """
    desk = Desk.of(tenant_id, now)
    tickets = open_tickets(tenant_id) if desk.engineers else []
    if not desk.policy.is_balanced:
        tickets = [ticket for ticket in tickets if ticket.assignee_id is None]
    if not tickets:
        return None
    named = name_teams(tickets, desk.policy)
    jobs = jobs_for(tickets, named, desk)
    held: Sequence[Held] = held_of(tickets, jobs, now)
    found = plan(
        desk.engineers.values(), held, desk.policy.for_engine(), limits_of(desk.policy), now
    )
    return Planned(found, desk, {t.pk: t for t in tickets}, {job.pk: job for job in jobs}, named)


@transaction.atomic
def balance(tenant_id: int, *, actor: User, now: datetime) -> BalanceRun | None:
    """Do one round; return it if it moved anything. A desk that only recommends moves nothing."""
    if not EngineerRow.objects.exists():
        return None
    take_turn(tenant_id)
    planned = plan_balance(tenant_id, now=now)
    if planned is None or not planned.desk.policy.is_automatic:
        return None
    held = {ticket.pk: ticket for ticket in hold_all(move.ticket for move in planned.plan.moves)}
    moves, left_over = _still_true(planned, held)
    if not moves:
        return None
    run = BalanceRun.objects.create(
        tenant_id=tenant_id,
        at=now,
        policy=planned.desk.policy,
        moves=len(moves),
        left_over=left_over,
    )
    for move in moves:
        _carry_out(move, held[move.ticket], planned, run, actor)
    event = LoadBalanced(
        tenant_id=tenant_id, run_id=run.pk, moves=run.moves, left_over=run.left_over
    )
    publish(event, actor=actor, now=now)
    return run


def _still_true(planned: Planned, held: Mapping[int, Ticket]) -> tuple[list[Move], int]:
    """Return the moves up to the first of a ticket that somebody changed between look and lock.

    Those after it may count on its room; they are left, with those that are too many, to the next
    round.
    """
    moves, postponed = planned.plan.moves, planned.plan.postponed
    kept = list(takewhile(lambda move: _is_as_seen(move, planned, held), moves))
    return kept, len(moves) - len(kept) + len(postponed)


def _is_as_seen(move: Move, planned: Planned, held: Mapping[int, Ticket]) -> bool:
    return held[move.ticket].version == planned.tickets[move.ticket].version


def _carry_out(move: Move, ticket: Ticket, planned: Planned, run: BalanceRun, actor: User) -> None:
    desk, job = planned.desk, planned.jobs[move.ticket]
    card = matched(desk.decide(job, move.source), move.target, desk)
    found = Decided(
        ticket=ticket,
        card=card,
        said=_because(move),
        named=planned.named.get(ticket.pk),
        taken_from=move.source,
    )
    cause = CAUSES.get(move.reason, Cause.TAKEN_BACK)
    carry_out([found], cause=cause, desk=desk, is_given=True, actor=actor, run=run)
    desk.move(job, move.source, move.target)


def _because(move: Move) -> str:
    """Return why it is moved, as a sentence."""
    said = why(move)
    return f"{said[:1].upper()}{said[1:]}."
