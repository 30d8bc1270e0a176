"""The engine as tables of cases and as properties: gates hold, ties are just, the best is met."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.engine import gates, terms
from dispatch.engine.deciding import decide, short_of
from dispatch.engine.facts import Engineer, Job, Policy, Presence, Wanted
from dispatch.engine.gates import may_have, refusals
from dispatch.engine.matching import match
from dispatch.engine.suiting import UNBOUNDED, Suits
from dispatch.engine.terms import WEIGHTS, score_of, terms_of

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = NOW + timedelta(hours=4)
POLICY = Policy(weights=WEIGHTS)


def engineer(pk=1, *, until=LATER, **known):
    return Engineer(pk=pk, name=f"Engineer {pk}", presence=Presence(until, NOW), **known)


@pytest.mark.parametrize(
    ("gate", "known", "asked"),
    [
        ("on_duty", {"until": None}, {}),
        ("on_duty", {"until": NOW}, {}),
        ("shift", {"until": NOW + timedelta(minutes=20)}, {"takes_seconds": 1800}),
        ("capacity", {"load": 901}, {}),
        ("team", {"teams": frozenset({2})}, {"team": 1}),
        ("skill", {"skills": {7: 2}}, {"skills": (Wanted(7, "Cisco", 3),)}),
        ("certificate", {}, {"certificates": {4: "CCNA"}}),
        ("branch", {"sites": frozenset({5})}, {"site": 6}),
        ("conflict", {}, {"requester": 1}),
        ("conflict", {}, {"excluded": {1: "left it"}}),
    ],
)
def test_a_gate_refuses(gate, known, asked):
    found = refusals(engineer(**known), Job(pk=1, **asked), POLICY, NOW)
    assert [refusal.gate for refusal in found] == [gate]
    assert found[0].why


def test_vips_are_kept_for_those_preferred_where_the_desk_wants_it():
    job, only = Job(pk=1, is_for_vip=True), replace(POLICY, only_preferred_for_vips=True)
    assert [refusal.gate for refusal in refusals(engineer(), job, only, NOW)] == ["vip"]
    assert may_have(engineer(is_for_vips=True), job, only, NOW)
    assert may_have(engineer(), job, POLICY, NOW)


def test_a_day_long_job_is_begun_by_whoever_has_an_hour():
    assert may_have(engineer(), Job(pk=1, takes_seconds=9 * 3600), POLICY, NOW)


def test_what_is_only_better_to_have_refuses_nobody():
    job = Job(pk=1, skills=(Wanted(7, "Cisco", 3, is_mandatory=False),))
    card = decide(job, [engineer(1), engineer(2, skills={7: 4})], POLICY, NOW)
    assert card.primary.engineer.pk == 2
    assert card.backup.engineer.pk == 1


def test_a_tie_goes_to_who_was_idle_longest_then_to_the_first():
    idle = [engineer(3, last_given_at=NOW), engineer(2), engineer(1, last_given_at=NOW)]
    card = decide(Job(pk=1), idle, POLICY, NOW)
    assert [each.engineer.pk for each in card.ranked] == [2, 1, 3]
    assert card.is_tie


def test_nobody_is_found_where_all_are_refused_and_all_reasons_are_told():
    card = decide(Job(pk=1, team=9), [engineer(1), engineer(2, until=None)], POLICY, NOW)
    assert card.primary is card.backup is None
    assert [refusal.gate for refusal in card.refused[2]] == ["on_duty", "team"]


def test_it_is_told_what_would_change_it():
    card = decide(Job(pk=1), [engineer(1, load=100), engineer(2)], POLICY, NOW)
    assert short_of(card) == {1: 100 * WEIGHTS["room"]}


levels = st.integers(0, 5)
engineers = st.lists(
    st.builds(
        lambda **known: known,
        until=st.sampled_from([None, NOW + timedelta(minutes=10), LATER]),
        teams=st.frozensets(st.integers(1, 2)),
        skills=st.dictionaries(st.integers(1, 2), levels, max_size=2),
        sites=st.frozensets(st.integers(1, 2)),
        capacity=st.integers(0, 400),
        load=st.integers(0, 300),
        quality=st.dictionaries(st.just(1), st.integers(0, 1000)),
        certificates=st.frozensets(st.just(4)),
        languages=st.frozensets(st.just("de")),
        is_for_vips=st.booleans(),
    ),
    max_size=4,
).map(lambda many: [engineer(pk, **known) for pk, known in enumerate(many, 1)])
jobs = st.lists(
    st.builds(
        lambda **asked: asked,
        team=st.sampled_from([None, 1, 2]),
        site=st.sampled_from([None, 1, 2]),
        service=st.sampled_from([None, 1]),
        skills=st.sampled_from([(), (Wanted(1, "one", 2),), (Wanted(2, "two", 1, False),)]),
        requester=st.sampled_from([None, 1]),
        known_by=st.dictionaries(st.integers(1, 3), st.integers(0, 1000), max_size=1),
        excluded=st.sampled_from([{}, {2: "left it"}]),
        takes_seconds=st.sampled_from([0, 1800]),
        certificates=st.sampled_from([{}, {4: "CCNA"}]),
        language=st.sampled_from(["", "de"]),
        points=st.sampled_from([50, 100, 150]),
        is_for_vip=st.booleans(),
    ),
    max_size=4,
).map(lambda many: [Job(pk=pk, **asked) for pk, asked in enumerate(many, 1)])


class Watched:
    """A job that remembers which of its facts were looked at."""

    def __init__(self, job):
        self.job, self.seen = job, set()

    def __getattr__(self, name):
        self.seen.add(name)
        return getattr(self.job, name)


@given(engineers, jobs)
def test_gates_and_terms_look_at_nothing_but_what_they_say(people, work):
    for each, job in product(people, work):
        for name, gate in gates.GATES.items():
            watched = Watched(job)
            gate(each, watched, POLICY, NOW)
            assert watched.seen <= {*gates.LOOKS_AT[name]}
        for name, term in terms.TERMS.items():
            watched = Watched(job)
            term(each, watched)
            assert watched.seen <= {*terms.LOOKS_AT[name]}


@given(engineers, jobs)
def test_many_are_judged_as_each_would_be(people, work):
    roomless = replace(POLICY, weights={**WEIGHTS, "room": 0})
    suits = Suits(people, POLICY, NOW)
    for job in work:
        free = [replace(each, load=0, capacity=UNBOUNDED) for each in people]
        assert list(suits.of(job)) == [
            score_of(terms_of(each, job, roomless), roomless)
            if may_have(each, job, POLICY, NOW)
            else -inf
            for each in free
        ]


@given(engineers, jobs, st.booleans())
def test_no_gate_is_ever_passed_by_force(people, work, only_preferred):
    loads = {each.pk: each.load for each in people}
    policy = replace(POLICY, only_preferred_for_vips=only_preferred)
    for found in match(work, people, policy, NOW):
        job, chosen = work[found.job], people[found.engineer]
        assert may_have(replace(chosen, load=loads[chosen.pk]), job, policy, NOW)
        loads[chosen.pk] += job.points


@given(engineers, jobs)
def test_nothing_is_left_that_somebody_could_have(people, work):
    given_to = match(work, people, POLICY, NOW)
    loads = [each.load for each in people]
    for found in given_to:
        loads[found.engineer] += work[found.job].points
    present = [replace(each, load=load) for each, load in zip(people, loads, strict=True)]
    for at in set(range(len(work))) - {found.job for found in given_to}:
        assert not any(may_have(each, work[at], POLICY, NOW) for each in present)


def test_a_heavy_job_that_fits_nobody_holds_up_no_light_one():
    people, points = [engineer(1, capacity=300), engineer(2, capacity=300)], [50, 50, 50, 150, 50]
    work = [Job(pk=pk, points=many) for pk, many in enumerate([*points, 50, 50, 150])]
    assert {found.job for found in match(work, people, POLICY, NOW)} == set(range(7))


@given(engineers, jobs)
@settings(max_examples=60)
def test_a_matching_is_as_good_as_the_best_of_all(people, work):
    work = [replace(job, points=100) for job in work]
    found = dict(match(work, people, POLICY, NOW))
    ours = worth([found.get(at) for at in range(len(work))], people, work)
    every = product([None, *range(len(people))], repeat=len(work))
    assert ours == max(worth(way, people, work) for way in every)


def worth(way, people, work):
    """Return what a way to hand out is worth: how many, how early, how well; None: none at all."""
    loads, given_to, early, score = [each.load for each in people], 0, 0, 0
    best = sum(WEIGHTS.values()) * 1000 + 1
    for at, chosen in enumerate(way):
        if chosen is None:
            continue
        stands = replace(people[chosen], load=loads[chosen])
        if not may_have(stands, work[at], POLICY, NOW):
            return (-1, -1)
        score += score_of(terms_of(stands, work[at], POLICY), POLICY)
        loads[chosen] += work[at].points
        given_to, early = given_to + 1, early + best * (2 * len(work) - at)
    return (given_to, early + score)


@given(st.integers(1, 6), st.integers(0, 30))
def test_equal_engineers_end_within_one_job_of_each_other(many, much):
    people = [engineer(pk, capacity=600) for pk in range(1, many + 1)]
    found = match([Job(pk=pk) for pk in range(much)], people, POLICY, NOW)
    counts = [sum(each.engineer == at for each in found) for at in range(many)]
    assert sum(counts) == min(much, 6 * many)
    assert max(counts) - min(counts) <= 1


@given(st.integers(1, 6), st.integers(0, 30))
def test_so_they_do_one_by_one(many, much):
    people = {pk: engineer(pk, capacity=600) for pk in range(1, many + 1)}
    for at in range(much):
        moment = NOW + timedelta(seconds=at)
        primary = decide(Job(pk=at), people.values(), POLICY, moment).primary
        if primary is not None:
            chosen = people[primary.engineer.pk]
            people[chosen.pk] = replace(chosen, load=chosen.load + 100, last_given_at=moment)
    loads = [each.load for each in people.values()]
    assert max(loads) - min(loads) <= 100


@given(engineers, jobs)
def test_the_same_inputs_give_the_same_card(people, work):
    for job in work:
        assert decide(job, people, POLICY, NOW) == decide(job, people[::-1], POLICY, NOW)
    assert match(work, people, POLICY, NOW) == match(work, people, POLICY, NOW)


def test_a_job_that_nobody_has_room_for_keeps_room_from_those_after_it():
    people = [engineer(1, capacity=300, load=200), engineer(2, capacity=300, load=250)]

    def given_of(*points):
        work = [Job(pk=pk, points=many) for pk, many in enumerate(points)]
        return {found.job: people[found.engineer].pk for found in match(work, people, POLICY, NOW)}

    assert given_of(150, 50, 50, 50) == {1: 2}
    assert set(given_of(50, 50, 150, 50)) == {0, 1, 3}
    assert set(given_of(400, 50, 50, 50)) == {1, 2, 3}  # which nobody could ever have


@given(engineers, jobs)
def test_at_most_one_person_s_room_is_kept_for_each_job_that_waits(people, work):
    found = match(work, people, POLICY, NOW)
    loads = {each.pk: each.load for each in people}
    for one in found:
        loads[people[one.engineer].pk] += work[one.job].points
    waits = sorted(set(range(len(work))) - {one.job for one in found})
    idle = {
        each.pk
        for each in people
        for at in waits
        if may_have(replace(each, load=loads[each.pk]), work[at], POLICY, NOW)
    }
    assert len(idle) < max(len(waits), 1)
