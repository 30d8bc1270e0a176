"""The clock calculator at its edges: what it refuses, what it leaves out, what it adds."""

import pytest

from sla.calendars import Malformed
from sla.preview import preview

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALWAYS = {"tz": "UTC", "weekly": {day: [["00:00", "24:00"]] for day in DAYS}}
NINE, TEN, NOON = "2026-03-03T09:00:00Z", "2026-03-03T10:00:00Z", "2026-03-03T12:00:00Z"
START = {"at": NINE, "type": "start"}
ASKED = {"calendar": ALWAYS, "policy": {"target_min": 60}, "events": [START], "as_of": TEN}


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        pytest.param({"calendar": None}, {"calendar"}, id="no calendar"),
        pytest.param(
            {"calendar": {"tz": "UTC", "weekly": {"mon": [["09:00", "8:00"]]}}},
            {"calendar.weekly.mon[0][1]"},
            id="a time of the calendar",
        ),
        pytest.param({"policy": []}, {"policy"}, id="policy is a list"),
        pytest.param({"policy": {}}, {"policy.target_min"}, id="no target"),
        pytest.param(
            {"policy": {"target_min": 1, "target_sec": 60}},
            {"policy.target_min"},
            id="two targets",
        ),
        pytest.param({"policy": {"target_min": 0}}, {"policy.target_min"}, id="zero"),
        pytest.param({"policy": {"target_min": True}}, {"policy.target_min"}, id="true"),
        pytest.param({"policy": {"target_sec": 1.5}}, {"policy.target_sec"}, id="half a second"),
        pytest.param({"policy": {"target_min": 10**9}}, {"policy.target_min"}, id="2000 years"),
        pytest.param(
            {"policy": {"target_min": 1, "reopen": "x", "target_change": [], "reopened": 1}},
            {"policy.reopen", "policy.target_change", "policy.reopened"},
            id="unknown modes",
        ),
        pytest.param({"events": None}, {"events"}, id="no events"),
        pytest.param({"events": [1]}, {"events[0]"}, id="an event is a number"),
        pytest.param({"events": [{}]}, {"events[0].type", "events[0].at"}, id="an empty event"),
        pytest.param(
            {"events": [START, {"at": NINE, "type": {"a": 1}}]}, {"events[1].type"}, id="odd type"
        ),
        pytest.param(
            {"events": [{"at": NINE, "type": "target_change"}]},
            {"events[0].target_min"},
            id="a change to nothing",
        ),
        pytest.param(
            {"events": [{"at": NINE, "type": "calendar_change", "calendar": {"tz": "x"}}]},
            {"events[0].calendar.tz"},
            id="a change to an unreadable calendar",
        ),
        pytest.param({"as_of": None}, {"as_of"}, id="no instant"),
        pytest.param({"as_of": "2026-03-03T09:00:00"}, {"as_of"}, id="no offset"),
        pytest.param({"as_of": "2300-01-01T00:00:00Z"}, {"as_of"}, id="too late"),
        pytest.param({"as_of": "0001-01-01T00:00:00+14:00"}, {"as_of"}, id="too early"),
        pytest.param({"as_of": 5}, {"as_of"}, id="a number"),
    ],
)
def test_a_mistake_is_told_where_it_stands(change, errors):
    with pytest.raises(Malformed) as caught:
        preview(ASKED | change)

    assert caught.value.errors.keys() == errors


def test_what_is_no_object_is_refused_as_a_whole():
    with pytest.raises(Malformed) as caught:
        preview([ASKED])

    assert caught.value.errors.keys() == {"payload"}


def test_what_the_calculator_does_not_need_may_stay_in():
    [clock] = preview(ASKED | {"id": "SLA-001", "events": [START | {"by": "a person"}]})["clocks"]

    assert clock["state"] == "running"


def test_without_a_start_there_is_no_clock():
    assert preview(ASKED | {"events": []}) == {"clocks": []}
    assert preview(ASKED | {"events": [{"at": NINE, "type": "pause"}]}) == {"clocks": []}


def test_events_after_the_instant_are_left_out():
    [clock] = preview(ASKED | {"events": [START, {"at": NOON, "type": "stop"}]})["clocks"]

    assert clock["state"] == "running"


def test_events_count_by_their_instant_in_whatever_order_they_come():
    stop = {"at": TEN, "type": "stop"}
    tokyo = {"at": "2026-03-03T18:00:00+09:00", "type": "start"}

    assert preview(ASKED | {"events": [stop, tokyo]}) == preview(ASKED | {"events": [START, stop]})


def test_parts_of_a_minute_are_told_in_seconds_and_as_a_decimal():
    asked = ASKED | {"policy": {"target_sec": 100}, "as_of": "2026-03-03T09:01:10Z"}

    [clock] = preview(asked)["clocks"]

    assert (clock["elapsed_seconds"], clock["remaining_seconds"]) == (70, 30)
    assert (clock["elapsed_min"], clock["remaining_min"], clock["target_min"]) == (
        1.1667,
        0.5,
        1.6667,
    )
    assert clock["threshold_at"]["50"] == "2026-03-03T09:00:50Z"


def test_a_change_made_while_stopped_counts_from_the_reopening_on():
    events = [
        START,
        {"at": "2026-03-03T09:30:00Z", "type": "stop"},
        {"at": TEN, "type": "target_change", "target_min": 120},
    ]
    reopened = [*events, {"at": NOON, "type": "reopen"}]

    [stopped] = preview(ASKED | {"events": events, "as_of": NOON})["clocks"]
    [running] = preview(ASKED | {"events": reopened, "as_of": NOON})["clocks"]

    assert (stopped["target_min"], stopped["due_at"]) == (60, TEN)
    assert (running["target_min"], running["due_at"]) == (120, "2026-03-03T13:30:00Z")


def test_the_words_are_translated_by_the_one_who_asks():
    german = {"Tue": "Di", "%(at)s: due": "%(at)s: fällig"}

    [clock] = preview(ASKED | {"as_of": NINE}, lambda text: german.get(text, text))["clocks"]

    assert clock["explanation"][-1] == "Di 3 Mar 10:00: fällig"
