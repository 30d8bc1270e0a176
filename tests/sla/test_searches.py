"""Searches for a clock that the walk, which shares no code with `sla`, sees otherwise."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sla.calendars import hours_from_json
from sla.explain import LineKind, explain
from sla.ledger import Cycle, Entry, Kind, SwitchMode, Terms, fold
from sla.preview import calculate, preview
from sla.rules import THRESHOLDS, crossed, measure, next_action_at, record, standing, start
from tests.sla.ledgers import ledger_of
from tests.sla.strategies import (
    SECONDS_ZONES,
    calendars,
    lives,
    odd_calendars,
    quarters,
    targets,
    verbs,
)
from tests.sla.walk import QUARTER, Walk, is_open, open_steps, steps

PATIENCE = timedelta(days=10)
SECOND = timedelta(seconds=1)


def as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return f"{value:%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, datetime) else value


def walked(life: dict[str, Any]) -> list[dict[str, Any]]:
    policy = life["policy"]
    walk = Walk(life["calendar"], policy["target_min"], policy["reopen"], policy["target_change"])
    walk.go(life["events"], life["as_of"])
    return [as_json(said) for said in walk.answer(life["as_of"], PATIENCE)]


def within_patience(clock: dict[str, Any], life: dict[str, Any]) -> dict[str, Any]:
    """Return `clock` as one who walks no further than `PATIENCE` can know it."""
    due_at = clock.get("due_at")
    is_seen = due_at is not None and due_at <= as_json(life["as_of"] + PATIENCE)
    return {"stop_at": None} | clock | {"due_at": due_at if is_seen else None}


@given(lives())
def test_every_field_of_a_life_is_as_walked(life):
    clocks = [within_patience(clock, life) for clock in preview(as_json(life))["clocks"]]

    seen = walked(life)
    pairs = zip(clocks, seen, strict=True)
    assert [{key: clock[key] for key in walk} for clock, walk in pairs] == seen


@given(odd_calendars(), quarters(500), quarters(500))
def test_open_time_is_as_walked(drawn, offset, length):
    calendar, base = drawn
    begin = base + offset

    counted = hours_from_json(calendar).open_seconds(begin, begin + length)

    walked = open_steps(calendar, begin, begin + length, QUARTER)
    assert counted == walked * QUARTER.total_seconds()


@given(st.sampled_from(SECONDS_ZONES), st.integers(0, 5_000), st.integers(1, 5_000), st.data())
def test_open_time_is_as_walked_second_by_second(odd, offset, length, data):
    zone, moment = odd
    calendar = data.draw(calendars(zone, moment))
    begin = moment + SECOND * offset

    counted = hours_from_json(calendar).open_seconds(begin, begin + SECOND * length)

    assert counted == open_steps(calendar, begin, begin + SECOND * length, SECOND)


@given(odd_calendars(), quarters(300), st.integers(1, 60))
def test_a_target_is_reached_at_the_end_of_its_last_open_step(drawn, offset, wanted):
    calendar, base = drawn
    begin = base + offset
    ends = [
        at + QUARTER for at in steps(begin, begin + PATIENCE, QUARTER) if is_open(calendar, at)
    ]

    reached = hours_from_json(calendar).advance(begin, wanted * 15 * 60)

    later = reached if reached is None or reached > begin + PATIENCE else None
    assert [*ends, later][min(wanted - 1, len(ends))] == reached


@given(odd_calendars(), quarters(300), quarters(900))
def test_windows_are_in_order_apart_and_add_up(drawn, offset, length):
    calendar, base = drawn
    begin, end = base + offset, base + offset + length
    hours = hours_from_json(calendar)

    windows = list(hours.windows(begin, end))

    edges = [edge for window in windows for edge in window]
    assert edges == sorted(set(edges))
    assert all(begin <= edge <= end for edge in edges)
    assert sum((closes - opens) // SECOND for opens, closes in windows) == hours.open_seconds(
        begin, end
    )


@given(lives())
def test_a_ledger_written_verb_by_verb_folds_to_the_same_clocks(life):
    asked = calculate(as_json(life))
    written = ledger_of(asked.cycles)

    assert fold(written) == asked.cycles
    assert measure(written, asked.as_of) == tuple(
        standing(cycle, asked.as_of) for cycle in asked.cycles
    )


@given(lives())
def test_the_lines_of_every_explanation_add_up(life):
    asked = calculate(as_json(life))

    told = [explain(cycle, asked.as_of) for cycle in asked.cycles]

    counted = [
        sum(line.seconds for line in lines if line.kind == LineKind.COUNTED) for lines in told
    ]
    assert counted == [standing(cycle, asked.as_of).elapsed_seconds for cycle in asked.cycles]


@given(odd_calendars(), targets, st.lists(st.tuples(verbs, quarters(60)), max_size=9))
def test_a_snapshot_carries_on_as_the_whole_ledger_does(drawn, target, life):
    calendar, at = drawn
    whole = start(Terms(target * 60, hours_from_json(calendar)), at).cycle
    snapshot = whole
    for (kind, mode), gap in life:
        at += gap
        entry = Entry(at, kind, mode=mode)
        known, carried = record(whole, entry), record(bare(snapshot), entry)
        whole, snapshot = known.cycle, carried.cycle
        fired = {step.key for step in crossed(whole, THRESHOLDS, (), at)}

        assert carried.entries == known.entries
        assert bare(snapshot) == bare(whole)
        assert standing(snapshot, at) == standing(whole, at)
        assert next_action_at(snapshot, THRESHOLDS, fired) == (
            next_action_at(whole, THRESHOLDS, fired)
        )


def bare(cycle: Cycle) -> Cycle:
    """Return what a row of the database keeps of `cycle`."""
    return cycle._replace(runs=(), entries=())


@given(lives(), st.integers(1, 4_000))
def test_a_switch_loses_no_counted_time(life, minute):
    asked = calculate(as_json(life))
    cycle = asked.cycles[-1]
    other = Terms(minute * 60, cycle.terms.hours)
    switch = Entry(cycle.changed_at, Kind.POLICY_SWITCHED, other, SwitchMode.RETROACTIVE)

    switched = record(cycle, switch).cycle

    assert standing(switched, asked.as_of).elapsed_seconds == (
        standing(cycle, asked.as_of).elapsed_seconds
    )
