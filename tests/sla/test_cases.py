"""The worked cases: every expected field, to the letter, and what must hold on each of them."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from sla.calendars import hours_from_json
from sla.explain import LineKind, explain
from sla.ledger import fold
from sla.preview import calculate, preview
from sla.rules import measure, standing
from tests.sla.ledgers import ledger_of

HERE = Path(__file__).parent
WORKED = json.loads((HERE / "cases.json").read_text())
CASES = WORKED["cases"] + json.loads((HERE / "random_cases.json").read_text())
INPUT = ("calendar", "policy", "events", "as_of")
ADDED = {"elapsed_seconds", "remaining_seconds", "target_seconds", "explanation"}

each_case = pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])


def asked(case: dict[str, Any]) -> list[dict[str, Any]]:
    return preview({key: case[key] for key in INPUT})["clocks"]


@pytest.mark.parametrize("case", WORKED["cases"], ids=[case["id"] for case in WORKED["cases"]])
def test_a_worked_case_comes_out_with_exactly_the_expected_fields(case):
    answered = [
        {key: value for key, value in clock.items() if key not in ADDED} for clock in asked(case)
    ]

    assert answered == case["expected"]


@each_case
def test_every_expected_field_of_every_case_is_met(case):
    pairs = zip(asked(case), case["expected"], strict=True)

    assert [{key: clock.get(key) for key in expected} for clock, expected in pairs] == case[
        "expected"
    ]


@each_case
def test_seconds_say_the_same_as_minutes(case):
    clocks = asked(case)

    assert [clock["elapsed_seconds"] for clock in clocks] == [
        60 * expected["elapsed_min"] for expected in case["expected"]
    ]
    assert [clock["target_seconds"] for clock in clocks] == [
        60 * expected["target_min"] for expected in case["expected"]
    ]


@pytest.mark.parametrize("case", WORKED["seconds_cases"], ids=lambda case: case["id"])
def test_a_case_in_seconds_is_due_to_the_second(case):
    hours = hours_from_json(case["calendar"])
    start, due = (datetime.fromisoformat(case[key]) for key in ("start", "due_at"))

    assert hours.advance(start, case["target_sec"]) == due
    assert hours.open_seconds(start, due) == case["target_sec"]


@pytest.mark.parametrize("case", WORKED["seconds_cases"], ids=lambda case: case["id"])
def test_the_calculator_answers_a_case_in_seconds(case):
    start = {"at": case["start"], "type": "start"}
    policy = {"target_sec": case["target_sec"]}
    asks = {"calendar": case["calendar"], "policy": policy, "events": [start]}

    [clock] = preview(asks | {"as_of": case["start"]})["clocks"]

    assert clock["due_at"] == case["due_at"]
    assert clock["threshold_at"]["100"] == case["due_at"]


@each_case
def test_the_counted_lines_of_the_explanation_add_up_to_the_elapsed_time(case):
    asked_for = calculate({key: case[key] for key in INPUT})

    told = [explain(cycle, asked_for.as_of) for cycle in asked_for.cycles]

    assert [sum_of(lines, LineKind.COUNTED) for lines in told] == [
        60 * expected["elapsed_min"] for expected in case["expected"]
    ]


RUNNING_IN_TIME = [
    case
    for case in WORKED["cases"]
    if case["expected"][-1].get("remaining_min", 0) > 0 and "threshold_at" in case["expected"][-1]
]


@pytest.mark.parametrize("case", RUNNING_IN_TIME, ids=lambda case: case["id"])
def test_the_lines_to_come_add_up_to_the_remaining_time(case):
    asked_for = calculate({key: case[key] for key in INPUT})

    lines = explain(asked_for.cycles[-1], asked_for.as_of)

    assert sum_of(lines, LineKind.FORECAST) == 60 * case["expected"][-1]["remaining_min"]


@each_case
def test_the_ledger_that_the_calculation_writes_folds_to_the_same_clocks(case):
    asked_for = calculate({key: case[key] for key in INPUT})
    written = ledger_of(asked_for.cycles)

    assert fold(written) == asked_for.cycles
    assert measure(written, asked_for.as_of) == tuple(
        standing(cycle, asked_for.as_of) for cycle in asked_for.cycles
    )


def sum_of(lines, kind):
    return sum(line.seconds for line in lines if line.kind == kind)
