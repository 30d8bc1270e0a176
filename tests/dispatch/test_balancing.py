"""The balancer as tables of cases and as properties: few moves, none back and forth, no force."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.balancing.facts import Held, Limits
from dispatch.balancing.planning import plan
from dispatch.balancing.rules import can_rest, is_in_hands, is_movable, is_there, share_of
from dispatch.balancing.standing import Standing
from dispatch.balancing.words import why
from dispatch.engine.facts import WHOLE, Engineer, Job, Policy, Presence
from dispatch.engine.gates import may_have
from dispatch.engine.terms import WEIGHTS

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
POLICY = Policy(weights=WEIGHTS)
LIMITS = Limits(
    most_moves=50,
    hands_for=timedelta(minutes=30),
    rest=timedelta(hours=1),
    least_difference=200,
)
A, B, C = 1, 2, 3


def ago(minutes):
    return NOW - timedelta(minutes=minutes)


def engineer(pk, load=0, *, hours=8, back=None, is_stale=False, **known):
    """Return somebody who is there for so many hours more, or else back in so many."""
    until = NOW + timedelta(hours=hours) if hours else None
    back_at = NOW + timedelta(hours=back) if back else None
    presence = Presence(until, NOW, back_at, is_stale)
    return Engineer(pk=pk, name=f"Engineer {pk}", presence=presence, load=load, **known)


def held(pk, holder=A, *, job=None, given=120, **known):
    """Return a ticket that somebody was given two hours ago and has acknowledged; due soon."""
    known = {"is_acknowledged": True, "due_at": NOW + timedelta(hours=1), **known}
    job = Job(pk=pk, **(job or {}))
    return Held(job=job, holder=holder, given_at=ago(given) if holder else None, **known)


def moves(people, tickets, policy=POLICY, limits=LIMITS):
    found = plan(people, tickets, policy, limits, NOW).moves
    assert all(why(move) for move in found)
    return [(move.ticket, move.source, move.target, str(move.reason)) for move in found]


LEFT = {"hours": 0, "back": 14}


@pytest.mark.parametrize(
    ("presence", "ticket", "found"),
    [
        (LEFT, {}, [(7, A, B, "left")]),
        ({"hours": 0}, {}, [(7, A, B, "left")]),
        ({"hours": 0, "back": 1}, {}, []),  # at lunch
        ({"hours": -1}, {}, []),  # went an hour ago, nobody knows how long for
        ({"hours": -2}, {}, [(7, A, B, "left")]),
        (LEFT, {"touched_at": ago(89)}, []),
        (LEFT, {"touched_at": ago(91)}, [(7, A, B, "left")]),
        (LEFT, {"is_begun": True}, [(7, A, B, "left")]),
        (LEFT, {"is_on_purpose": True}, [(7, A, B, "left")]),
        (LEFT, {"is_paused": True}, []),
        (LEFT, {"moved_at": ago(59), "from_pk": C}, []),
        (LEFT, {"moved_at": ago(61), "from_pk": C}, [(7, A, B, "left")]),
        (LEFT, {"moved_at": ago(1)}, [(7, A, B, "left")]),  # given, and taken from nobody
        # back in fourteen hours, and in time for what is due a day after that
        (LEFT, {"due_at": ago(-38 * 60)}, []),
        (LEFT, {"due_at": None}, []),
        (LEFT, {"due_at": ago(-37 * 60)}, [(7, A, B, "left")]),
        (LEFT, {"due_at": ago(5)}, [(7, A, B, "left")]),
        (LEFT, {"due_at": None, "is_acknowledged": False}, [(7, A, B, "left")]),
        ({"hours": 0, "back": 72}, {"due_at": None}, []),
        ({"hours": 0, "back": 73}, {"due_at": None}, [(7, A, B, "left")]),
        ({"hours": 0}, {"due_at": None}, [(7, A, B, "left")]),  # nobody knows when
    ],
)
def test_who_left_loses_what_they_do_not_work_on(presence, ticket, found):
    assert moves([engineer(A, 100, **presence), engineer(B)], [held(7, **ticket)]) == found


@pytest.mark.parametrize(
    ("people", "found"),
    [
        ([engineer(A, 100, **LEFT)], []),  # back tomorrow, and nobody is there now
        ([engineer(A, 100, hours=0, back=80)], [(7, A, None, "left")]),
        ([engineer(A, 100, hours=0)], [(7, A, None, "left")]),
        ([engineer(A, 100, hours=0, is_stale=True)], []),
        ([engineer(A, 100, hours=0, back=80), engineer(B, 1000)], [(7, A, None, "left")]),
        ([engineer(B, 1000)], [(7, A, None, "left")]),  # takes no work any more
    ],
)
def test_what_nobody_may_have_waits_unless_its_holder_is_soon_back(people, found):
    assert moves(people, [held(7)]) == found


def test_whoever_takes_no_work_any_more_does_not_even_keep_what_awaits_others():
    assert moves([engineer(B)], [held(7, is_paused=True)]) == [(7, A, B, "left")]


UNTAKEN = {"is_acknowledged": False, "given": 31}


@pytest.mark.parametrize(
    ("loads", "ticket", "other", "found"),
    [
        ((100, 300), UNTAKEN, {}, [(7, A, B, "unacknowledged")]),
        ((100, 300), {**UNTAKEN, "given": 29}, {}, []),
        ((100, 300), {}, {}, []),
        ((100, 300), {**UNTAKEN, "touched_at": ago(10)}, {}, []),
        ((100, 300), {**UNTAKEN, "is_paused": True}, {}, []),
        ((100, 300), {**UNTAKEN, "moved_at": ago(31), "from_pk": C}, {}, []),
        ((100, 1000), UNTAKEN, {}, []),
        # A is at work on another one: then only to whoever has far less
        ((400, 300), UNTAKEN, {"touched_at": ago(5)}, []),
        ((500, 300), UNTAKEN, {"touched_at": ago(5)}, []),
        ((500, 200), UNTAKEN, {"touched_at": ago(5)}, [(7, A, B, "unacknowledged")]),
        ((500, 300), UNTAKEN, {"is_begun": True}, []),
        ((500, 200), {**UNTAKEN, "is_on_purpose": True}, {"touched_at": ago(5)}, []),
        ((500, 300), {**UNTAKEN, "is_on_purpose": True}, {}, [(7, A, B, "unacknowledged")]),
    ],
)
def test_what_is_not_acknowledged_is_passed_on(loads, ticket, other, found):
    people = [engineer(A, loads[0]), engineer(B, loads[1])]
    tickets = [held(7, **ticket), held(8, **{"is_on_purpose": True, **other})]
    assert moves(people, tickets) == found


@pytest.mark.parametrize(
    ("ticket", "may"),
    [
        ({}, True),
        ({"touched_at": ago(29)}, False),
        ({"touched_at": ago(31)}, True),
        ({"touched_at": ago(31), "is_begun": True}, False),
        ({"touched_at": ago(241), "is_begun": True}, True),
        ({"is_begun": True}, False),
        ({"is_begun": True, "given": 241}, True),
        ({"is_paused": True}, False),
        ({"is_on_purpose": True}, False),
        ({"moved_at": ago(59)}, False),
        ({"moved_at": ago(61)}, True),
    ],
)
@pytest.mark.parametrize("load", [1100, 500], ids=["over", "balance"])
def test_what_is_in_hands_stays_whatever_others_have(ticket, may, load):
    found = moves([engineer(A, load), engineer(B)], [held(7, **ticket)])
    assert found == ([(7, A, B, "over" if load > 1000 else "balance")] if may else [])


def test_whoever_has_too_much_loses_the_smallest_that_is_enough():
    points = [50, 100, 150, 200]
    tickets = [held(pk, job={"points": many}) for pk, many in enumerate(points)]
    only = replace(LIMITS, least_difference=1000)
    people = [engineer(A, 1130), engineer(B, 500)]
    assert moves(people, tickets, limits=only) == [(2, A, B, "over")]
    assert moves([engineer(A, 1300), engineer(B, 500)], tickets, limits=only) == [
        (3, A, B, "over"),
        (1, A, B, "over"),
    ]


def test_what_waits_is_handed_out_when_somebody_comes():
    waiting = [held(7, None), held(8, None)]
    assert moves([], waiting) == []
    assert moves([engineer(A, capacity=100)], waiting) == [(7, None, A, "drained")]


def test_what_waits_does_not_go_back_to_whom_it_was_taken_from():
    lost = held(7, None, moved_at=ago(10), from_pk=A)
    assert moves([engineer(A)], [lost]) == []
    assert moves([engineer(A), engineer(B, 500)], [lost]) == [(7, None, B, "drained")]
    assert moves([engineer(A)], [replace(lost, moved_at=ago(61))]) == [(7, None, A, "drained")]


def test_balance_wants_more_than_the_least_difference():
    tickets = [held(pk) for pk in range(5)]
    assert moves([engineer(A, 500), engineer(B, 300)], tickets) == []
    assert moves([engineer(A, 500), engineer(B, 200)], tickets) == [(0, A, B, "balance")]


def test_balance_moves_what_suits_the_other_best():
    tickets = [held(7), held(8, job={"known_by": {B: 1000}})]
    assert moves([engineer(A, 500), engineer(B, 200)], tickets) == [(8, A, B, "balance")]


def test_vips_go_to_preferred_people_only_where_the_desk_wants_it():
    tickets = [held(7, job={"is_for_vip": True})]
    people = [engineer(A, 1000), engineer(B), engineer(C, 300, is_for_vips=True)]
    only = replace(POLICY, only_preferred_for_vips=True)
    assert moves(people, tickets) == [(7, A, B, "balance")]
    assert moves(people, tickets, only) == [(7, A, C, "balance")]
    assert moves(people[:2], tickets, only) == []


def test_the_most_urgent_come_first_and_the_rest_is_left_for_the_next_run():
    tickets = [
        held(1),
        held(2, C, **UNTAKEN),
        held(3, None),
        held(4, 4),
    ]
    people = [engineer(A, 700), engineer(B), engineer(C, 100), engineer(4, **LEFT)]
    found = plan(people, tickets, POLICY, replace(LIMITS, most_moves=2), NOW)
    assert [str(move.reason) for move in found.moves] == ["left", "drained"]
    assert [str(move.reason) for move in found.postponed] == ["unacknowledged", "balance"]


minutes = st.sampled_from([None, 1, 45, 100, 300]).map(lambda many: many and ago(many))
presences = st.sampled_from(
    [{}, {}, {}, {"hours": 0.1}, {"hours": 0, "back": 1}, LEFT, {"hours": 0}]
)
people = st.lists(
    st.builds(
        lambda presence, **known: {**presence, **known},
        presences,
        teams=st.frozensets(st.integers(1, 2), min_size=1),
        capacity=st.sampled_from([300, 500]),
        is_for_vips=st.booleans(),
    ),
    max_size=4,
).map(lambda many: [engineer(pk, **known) for pk, known in enumerate(many, 1)])
tickets = st.lists(
    st.builds(
        lambda job, **known: {"job": job, **known},
        st.fixed_dictionaries(
            {
                "team": st.sampled_from([None, None, 1, 2]),
                "points": st.sampled_from([50, 100, 150]),
                "takes_seconds": st.sampled_from([0, 1800]),
                "is_for_vip": st.booleans(),
                "requester": st.sampled_from([None, A]),
            }
        ),
        holder=st.sampled_from([None, 1, 1, 1, 2, 3, 4, 5]),
        given=st.sampled_from([10, 40, 300]),
        touched_at=minutes,
        moved_at=minutes,
        from_pk=st.sampled_from([None, 1, 2, 5]),
        is_acknowledged=st.booleans(),
        is_begun=st.booleans(),
        is_paused=st.booleans(),
        is_on_purpose=st.booleans(),
        due_at=st.sampled_from([None, 20, -20, -60]).map(lambda h: h and ago(60 * h)),
    ),
    max_size=8,
).map(lambda many: [held(pk, **known) for pk, known in enumerate(many, 1)])
policies = st.sampled_from([POLICY, replace(POLICY, only_preferred_for_vips=True)])
limits = st.builds(
    Limits,
    most_moves=st.sampled_from([1, 3, 50]),
    least_difference=st.sampled_from([0, 200, 400]),
    threshold=st.sampled_from([700, 1000]),
)


def loaded(people, tickets):
    """Return people with the loads that their tickets make."""
    loads = {each.pk: 0 for each in people}
    for each in tickets:
        if each.holder in loads:
            loads[each.holder] += each.job.points
    return [replace(each, load=loads[each.pk]) for each in people]


def played(people, tickets, policy, limits):
    """Yield each move with who and what there was before it, and change both by it."""
    standing = Standing(loaded(people, tickets), tickets, policy, limits, NOW)
    for move in plan(loaded(people, tickets), tickets, policy, limits, NOW).moves:
        yield move, dict(standing.people), dict(standing.held)
        standing.move(standing.held[move.ticket], move.target, move.reason)
    yield None, standing.people, standing.held


@given(people, tickets, policies, limits)
def test_no_gate_is_passed_by_force_and_nobody_gets_too_much(people, tickets, policy, limits):
    for move, before, now_held in played(people, tickets, policy, limits):
        if move and move.target is not None:
            job = now_held[move.ticket].job
            assert may_have(before[move.target], job, policy, NOW)


@given(people, tickets, policies, limits)
def test_a_ticket_moves_once_and_neither_within_its_rest_nor_back(people, tickets, policy, limits):
    found = plan(loaded(people, tickets), tickets, policy, limits, NOW).moves
    assert len({move.ticket for move in found}) == len(found) <= limits.most_moves
    by_pk = {each.job.pk: each for each in tickets}
    for move in found:
        before = by_pk[move.ticket]
        assert move.source == before.holder != move.target
        is_resting = before.moved_at is not None and NOW - before.moved_at < limits.rest
        if is_resting and before.from_pk is not None:
            assert move.source is None
            assert move.target != before.from_pk


@given(people, tickets, policies, limits)
def test_what_is_in_hands_is_never_moved(people, tickets, policy, limits):
    found = plan(loaded(people, tickets), tickets, policy, limits, NOW).moves
    by_pk = {each.job.pk: each for each in tickets}
    by_people = {each.pk: each for each in people}
    there = {pk for pk, each in by_people.items() if is_there(each, NOW)}
    for move in found:
        before = by_pk[move.ticket]
        if move.source in there:
            assert not is_in_hands(before, limits, NOW)
        if move.source is not None:
            assert before.touched_at is None or NOW - before.touched_at >= limits.hands_for
        if move.reason in ("over", "balance"):
            assert is_movable(before, limits, NOW)
        if move.reason == "left" and move.source in by_people:
            assert not can_rest(before, by_people[move.source], limits, NOW)


@given(people, tickets, policies, limits)
def test_a_plan_made_at_once_again_has_nothing_but_what_was_postponed(
    people, tickets, policy, limits
):
    seen = set()
    for _ in range(len(tickets) + 1):
        found = plan(loaded(people, tickets), tickets, policy, limits, NOW)
        *_, (_, standing, now_held) = played(people, tickets, policy, limits)
        people, tickets = list(standing.values()), list(now_held.values())
        moving = {move.ticket for move in found.moves}
        assert not seen & moving
        seen |= moving
        if not found.postponed:
            break
    assert not plan(people, tickets, policy, limits, NOW).moves


@given(people, tickets, policies, limits)
def test_the_same_inputs_give_the_same_plan(people, tickets, policy, limits):
    people = loaded(people, tickets)
    found = plan(people, tickets, policy, limits, NOW)
    assert found == plan(people, tickets, policy, limits, NOW)
    assert found == plan(people[::-1], tickets, policy, limits, NOW)


@given(people, tickets, policies)
def test_nothing_waits_that_somebody_may_have(people, tickets, policy):
    *_, (_, people, standing) = played(people, tickets, policy, LIMITS)
    after = Standing(people.values(), standing.values(), policy, LIMITS, NOW)
    assert not any(after.takers(each, WHOLE) for each in after.theirs(None))


loads = st.lists(st.integers(0, 4), min_size=2, max_size=3)


def spread(loads):
    return max(loads) - min(loads)


def fewest(people, tickets, within):
    """Return the fewest moves of all ways that leave people so near to each other."""
    for many in range(len(tickets) + 1):
        for some in combinations(tickets, many):
            for targets in product(people, repeat=many):
                loads = {each.pk: each.load for each in people}
                for ticket, target in zip(some, targets, strict=True):
                    loads[ticket.holder] -= ticket.job.points
                    loads[target.pk] += ticket.job.points
                if spread(loads.values()) <= within:
                    return many
    return None


@given(loads, st.sampled_from([100, 150, 200, 300]))
@settings(max_examples=60, deadline=None)
def test_no_way_of_evening_out_moves_fewer(loads, within):
    holders = [pk for pk, many in enumerate(loads, 1) for _ in range(many)]
    tickets = [held(pk, holder) for pk, holder in enumerate(holders)]
    people = loaded([engineer(pk) for pk in range(1, len(loads) + 1)], tickets)
    found = moves(people, tickets, limits=replace(LIMITS, least_difference=within))
    assert len(found) == fewest(people, tickets, within)


@given(people, tickets, policies, limits)
def test_each_move_for_balance_brings_two_nearer_who_were_far_apart(
    people, tickets, policy, limits
):
    for move, before, now_held in played(people, tickets, policy, limits):
        if move and move.reason == "balance":
            points = now_held[move.ticket].job.points
            source, target = before[move.source], before[move.target]
            apart = share_of(source) - share_of(target)
            assert apart > limits.least_difference
            assert abs(share_of(source, -points) - share_of(target, points)) < apart
