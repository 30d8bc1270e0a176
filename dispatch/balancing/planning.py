"""Which tickets go to whom, so that nothing lies with nobody and nobody has too much. Pure.

What nobody works on (it waits, or its holder left) is handed out by the engine's matching. Then
what is not taken up, and what is too much, goes to people with room, ticket by ticket; at last
the fewest tickets that bring people's shares within the least difference: from whoever has most
to whoever has least, and of those the one that evens them out best. A ticket moves once a run,
and all of it is repeated until nothing moves: so a plan leaves nothing for a plan made at once.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from dispatch.balancing import rules
from dispatch.balancing.facts import Held, Limits, Move, Plan
from dispatch.balancing.standing import Standing
from dispatch.choices import MoveReason
from dispatch.engine.deciding import decide
from dispatch.engine.facts import WHOLE, Engineer, Policy
from dispatch.engine.matching import match

HOUR, MINUTE = 3600, 60


def plan(
    engineers: Iterable[Engineer],
    held: Iterable[Held],
    policy: Policy,
    limits: Limits,
    now: datetime,
) -> Plan:
    """Return what is to be moved. `held` is in the order of the queue, what waits among it."""
    standing = Standing(engineers, held, policy, limits, now)
    moves = list(_moves(standing))
    return Plan(moves[: limits.most_moves], moves[limits.most_moves :])


def _moves(standing: Standing) -> Iterator[Move]:
    steps = (_homeless, _unacknowledged, _over, _uneven)
    while found := [move for step in steps for move in step(standing)]:
        yield from found
    yield from _released(standing)


def _homeless(standing: Standing) -> Iterator[Move]:
    """Hand out what lies with those who left, and what waits."""
    asked = [each for each in standing.held.values() if _is_homeless(standing, each)]
    there = standing.there()
    if not asked or not there:
        return
    jobs = [rules.asked_of(each, standing.limits, standing.now) for each in asked]
    given = sorted(match(jobs, there, standing.policy, standing.now))
    found = [(asked[one.job], there[one.engineer].pk) for one in given]
    for held, target in sorted(found, key=lambda one: one[0].holder is None):
        if held.holder is None:
            yield standing.move(held, target, MoveReason.DRAINED)
        else:
            yield _lost(standing, held, target)


def _is_homeless(standing: Standing, held: Held) -> bool:
    return held.holder is None or standing.is_lost(held)


def _released(standing: Standing) -> Iterator[Move]:
    """Let wait, visibly, what nobody may have and whose holder is not back for long."""
    for held in list(standing.held.values()):
        if standing.is_lost(held):
            holder = standing.holder(held)
            if not rules.is_kept(holder, standing.limits, standing.now):
                yield _lost(standing, held, None)


def _lost(standing: Standing, held: Held, target: int | None) -> Move:
    holder = standing.holder(held)
    back_at = holder.presence.back_at if holder else None
    seconds = (back_at - standing.now).total_seconds() if back_at else 0
    numbers = {"hours": round(seconds / HOUR)} if back_at else {}
    return standing.move(held, target, MoveReason.LEFT, numbers)


def _unacknowledged(standing: Standing) -> Iterator[Move]:
    """Pass on what is not taken up."""
    limits, now = standing.limits, standing.now
    for held in list(standing.held.values()):
        holder = standing.holder(held)
        if holder is None or not rules.is_unacknowledged(held, limits, now):
            continue
        if rules.has_left(holder, limits, now):
            continue
        may = _answering(standing, held, holder)
        job = rules.asked_of(held, limits, now)
        chosen = decide(job, may, standing.policy, now).primary
        if chosen and held.given_at:
            minutes = int((now - held.given_at).total_seconds()) // MINUTE
            pk, numbers = chosen.engineer.pk, {"minutes": minutes}
            yield standing.move(held, pk, MoveReason.UNACKNOWLEDGED, numbers)


def _answering(standing: Standing, held: Held, holder: Engineer) -> list[Engineer]:
    """Return to whom it may go: from somebody who is at work, only to whoever has far less.

    Elsewhere it would wait as long. What a person gave on purpose to such, goes to nobody.
    """
    if not rules.is_busy(standing.theirs(holder.pk), standing.limits, standing.now):
        return standing.takers(held, WHOLE)
    if held.is_on_purpose:
        return []
    return standing.takers(held, rules.share_of(holder) - standing.limits.least_difference)


def _over(standing: Standing) -> Iterator[Move]:
    """Take from whoever has too much, until they have not or nobody has room."""
    threshold = standing.limits.threshold
    for pk in [each.pk for each in standing.fullest_first()]:
        while rules.share_of(standing.people[pk]) > threshold:
            found = _relief(standing, standing.people[pk])
            if found is None:
                break
            numbers = {"share": standing.percent(pk)}
            yield standing.move(*found, MoveReason.OVER, numbers)


def _relief(standing: Standing, source: Engineer) -> tuple[Held, int] | None:
    """Return what to take, and for whom: the smallest that is enough, or else the greatest."""
    threshold = standing.limits.threshold
    too_much = source.load - source.capacity * threshold // WHOLE

    def fit(held: Held) -> tuple[bool, int]:
        return held.job.points < too_much, abs(held.job.points - too_much)

    for held in sorted(standing.movable(source), key=fit):
        takers = standing.takers(held, threshold)
        if takers:
            return held, min(takers, key=lambda each: _liking(standing, held, each)).pk
    return None


def _liking(standing: Standing, held: Held, engineer: Engineer) -> tuple[int, int, int]:
    return rules.share_of(engineer), -standing.score(engineer, held), engineer.pk


def _uneven(standing: Standing) -> Iterator[Move]:
    while found := _evening(standing):
        held, source, target = found
        shares = {"share": standing.percent(source), "target": standing.percent(target)}
        yield standing.move(held, target, MoveReason.BALANCE, shares)


def _evening(standing: Standing) -> tuple[Held, int, int] | None:
    """Return what goes from the fullest to the emptiest, of those who can exchange, or None."""
    people = standing.fullest_first()
    for source in people:
        movable = standing.movable(source)
        for target in reversed(people):
            apart = rules.share_of(source) - rules.share_of(target)
            if apart <= standing.limits.least_difference or not movable:
                break
            may = [each for each in movable if _evens(standing, each, source, target)]
            if may:
                held = min(may, key=lambda each: _gain(standing, each, source, target))
                return held, source.pk, target.pk
    return None


def _evens(standing: Standing, held: Held, source: Engineer, target: Engineer) -> bool:
    points = held.job.points
    is_little = rules.share_of(target, points) <= standing.limits.threshold
    is_nearer = rules.narrows(points, source, target)
    return is_little and is_nearer and standing.may_have(target, held)


def _gain(standing: Standing, held: Held, source: Engineer, target: Engineer) -> tuple[int, int]:
    """Return what orders tickets: how even it gets, then how well they suit the target."""
    return rules.gap_after(held.job.points, source, target), -standing.score(target, held)
