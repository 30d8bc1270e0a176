"""What is learned from cases: without their future, and as it is judged by afterwards."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

from sla.prediction import measures
from sla.prediction.cases import TICKET, Case, Known, Look, Moment
from sla.prediction.features import moment_row, names_of, row_of
from sla.prediction.fitting import fit, plain_forest
from sla.prediction.foresight import Foresight, Standing, agreeing
from sla.prediction.inference import Forest, Judge, sigmoid
from sla.prediction.learning import CannotLearn, Sample, learn
from sla.prediction.memory import Memory, in_order
from sla.prediction.threshold import risen

HOUR = 3600
SOME = st.lists(
    st.builds(
        lambda key, opened, took, late, who, team: Case(
            key=str(key),
            opened_at=opened * HOUR,
            facts={"priority": "3", "requester": who, "category": team},
            moments=(Moment(opened * HOUR, "new", team, who),),
            looks=(Look(opened * HOUR),),
            known_at=(opened + took) * HOUR,
            resolved_at=(opened + took) * HOUR,
            is_breached=late,
            team=team,
            assignee=who,
        ),
        st.integers(0, 10**9),
        st.integers(0, 200),
        st.integers(0, 100),
        st.booleans(),
        st.sampled_from("abc"),
        st.sampled_from("xyz"),
    ),
    max_size=25,
    unique_by=lambda case: case.key,
)


def rows(cases, known):
    look = (lambda c, m: moment_row(c, m, c.looks[0])) if known == Known.MOMENT else None
    return {
        case.key: look(case, memory) if look else row_of(case, memory, known)
        for case, memory in in_order(cases, TICKET)
    }


def same(left, right):
    return all(
        a == b or (math.isnan(a) and math.isnan(b)) for a, b in zip(left, right, strict=True)
    )


@given(SOME, st.integers(0, 300), st.sampled_from(list(Known)), st.randoms())
def test_no_number_of_a_case_knows_what_was_not_known_when_it_was_opened(cases, cut, known, dice):
    """What comes later is altered at random, left out, or shuffled: nothing changes before."""
    at = cut * HOUR
    kept = [c if c.known_at < at else replace(c, is_breached=not c.is_breached) for c in cases]
    kept = [c for c in kept if c.opened_at < at or dice.random() < 0.5]
    dice.shuffle(kept)
    before, after = rows(cases, known), rows(kept, known)
    early = [case.key for case in cases if case.opened_at <= at and case.key in after]

    assert all(same(before[key], after[key]) for key in early)


@given(SOME, st.sampled_from(list(Known)))
def test_each_number_has_its_name(cases, known):
    assert all(len(row) == len(names_of(TICKET, known)) for row in rows(cases, known).values())


@given(SOME)
def test_what_is_remembered_can_be_put_away(cases):
    *_, (_case, memory) = [*in_order(cases, TICKET)] or [(None, Memory(TICKET))]
    again = Memory.of(TICKET, memory.plain())

    assert again.plain() == memory.plain()


@pytest.fixture(scope="module")
def numbers():
    made = np.random.default_rng(7)
    table = made.normal(size=(400, 6))
    table[made.random(table.shape) < 0.1] = np.nan
    late = (np.nan_to_num(table[:, 0]) + made.normal(size=400) > 0).astype(int)
    return table, late


def test_plain_trees_say_what_the_trained_ones_do(numbers):
    table, late = numbers
    model = HistGradientBoostingClassifier(max_iter=30, random_state=0).fit(table, late)
    forest = Forest.of(plain_forest(model))
    told = [sigmoid(forest.raw(row)) for row in table.tolist()]

    assert told == pytest.approx(model.predict_proba(table)[:, 1])


def test_plain_quantiles_say_what_the_trained_ones_do(numbers):
    table, late = numbers
    model = HistGradientBoostingRegressor(loss="quantile", quantile=0.9, max_iter=20)
    forest = Forest.of(plain_forest(model.fit(table, late * 2.0)))

    assert [forest.raw(row) for row in table.tolist()] == pytest.approx(model.predict(table))


def test_the_same_input_makes_the_same_model_in_a_program_of_its_own(numbers):
    table, late = numbers
    sample = Sample(table.tolist(), late.tolist(), [HOUR] * 399 + [None])
    hours = [math.log1p(1)] * 399 + [None]
    nones = [[None if math.isnan(n) else n for n in row] for row in table.tolist()]
    here = fit({"rows": nones, "late": late.tolist(), "hours": hours, "trees": 10})

    assert learn(sample, trees=10) == here
    assert Judge.of(here).seconds(table[0].tolist()) == pytest.approx((HOUR, HOUR), abs=1)


def test_a_program_that_fails_says_why():
    with pytest.raises(CannotLearn, match="ValueError"):
        learn(Sample([[1.0]], [True], [1]), trees=1)


@pytest.mark.parametrize(
    ("share", "stage", "assignee", "low", "high"),
    [
        pytest.param(0.0, "new", "", 0.0, 0.1, id="opened"),
        pytest.param(0.5, "in_progress", "7", 0.2, 0.3, id="half of it used"),
        pytest.param(0.95, "in_progress", "7", 0.6, 0.9, id="nearly all used"),
        pytest.param(0.95, "awaiting_customer", "7", 0.5, 0.75, id="nearly all used, and waits"),
        pytest.param(0.95, "new", "", 0.7, 0.95, id="nearly all used, and nobody has it"),
    ],
)
def test_the_rule_goes_by_the_share_that_is_used(share, stage, assignee, low, high):
    case = Case("1", 0, {"priority": "3"}, (Moment(0, stage, "", assignee),))

    assert low < Foresight().by_rule(case, Standing(Look(HOUR, share), HOUR, 0)) < high


def test_what_took_as_long_already_says_how_long_it_takes_yet():
    case = Case("1", 0, {"priority": "3"}, (Moment(0, "new"),))
    foresight = Foresight(spans={"3": [HOUR * n for n in range(1, 11)]})
    told = foresight.foresee(case, Standing(Look(HOUR * 5, 0.5), 10 * HOUR, 5 * HOUR))

    assert (told.median_seconds, told.late_seconds) == (3 * HOUR, 5 * HOUR)


@pytest.mark.parametrize(
    ("probability", "due_in", "told"),
    [
        pytest.param(0.3, 200, (200, 400), id="in time in the median, not in nine of ten"),
        pytest.param(0.05, 200, (200, 200), id="in time in nine of ten"),
        pytest.param(0.8, 350, (350, 400), id="late in the median"),
        pytest.param(0.3, None, (300, 400), id="while it waits there is no due time"),
    ],
)
def test_the_time_told_agrees_with_the_probability(probability, due_in, told):
    assert agreeing(probability, 300, 400, due_in) == told


def test_no_reason_names_a_person():
    memory = Memory(TICKET)
    for number in range(40):
        facts = {"requester": "5", "submitted_by": "5", "category": str(number % 2)}
        late = bool(number % 2)
        memory.learn(Case(str(number), 0, facts, known_at=1, is_breached=late))
    case = Case("1", 9, {"requester": "5", "category": "1"}, (Moment(9, "new"),))
    told = Foresight(memory).foresee(case, Standing(Look(9, 0.1), HOUR, HOUR))

    assert [reason["about"] for reason in told.reasons] == ["used", "category", "unassigned"]


@pytest.mark.parametrize(
    ("before", "percent", "after"),
    [(None, 69, None), (None, 70, 70), (70, 99, 70), (70, 60, 70), (70, 59, None)],
)
def test_a_ticket_stays_at_risk_until_below_the_lower_threshold(before, percent, after):
    assert risen(before, percent, at=70, until=60) == after


def test_measures_are_those_of_the_textbook():
    late, told = [True, False, True, False], [0.9, 0.8, 0.7, 0.1]

    assert measures.auc(late, told) == 0.75
    assert measures.average_precision(late, told) == pytest.approx((1 + 2 / 3) / 2)
    assert measures.auc(late, [0.5] * 4) == 0.5
    assert measures.pinball(10, 4, 0.9) == pytest.approx(5.4)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=2, max_size=40))
def test_the_area_is_the_share_of_pairs_in_right_order(pairs):
    late, told = [y for y, _ in pairs], [p / 5 for _, p in pairs]
    right = [
        (p > q) + (p == q) / 2
        for y, p in zip(late, told, strict=True)
        for z, q in zip(late, told, strict=True)
        if y and not z
    ]

    assert measures.auc(late, told) == (pytest.approx(sum(right) / len(right)) if right else None)
