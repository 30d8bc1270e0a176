"""Reading calendars: what each form means, and what each mistake is told."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from nova.hours import SpecialDay, WorkingHours
from sla.calendars import Malformed, hours_from_json

HOUR = 3_600
OFFICE = {"tz": "UTC", "weekly": {"fri": [["09:00", "17:00"]]}}
FRIDAY = "2026-12-25"
NINE, NOON, ONE, FIVE, MIDNIGHT = 9 * HOUR, 12 * HOUR, 13 * HOUR, 17 * HOUR, 24 * HOUR


def test_a_week_is_read_from_monday_to_sunday():
    hours = hours_from_json(
        {
            "tz": "Asia/Kathmandu",
            "weekly": {
                "mon": [["13:00", "24:00"], ["09:00", "12:00"]],
                "sun": [["00:00", "00:01"]],
            },
        }
    )

    assert hours == WorkingHours(
        ZoneInfo("Asia/Kathmandu"),
        (((NINE, NOON), (ONE, MIDNIGHT)), (), (), (), (), (), ((0, 60),)),
    )


@pytest.mark.parametrize(
    ("spans", "read"),
    [
        pytest.param([["09:00", "12:00"], ["11:00", "17:00"]], ((NINE, FIVE),), id="overlap"),
        pytest.param([["09:00", "12:00"], ["12:00", "17:00"]], ((NINE, FIVE),), id="touch"),
        pytest.param([["09:00:01", "17:00"]], ((NINE + 1, FIVE),), id="to the second"),
    ],
)
def test_spans_of_a_day_become_one_where_they_meet(spans, read):
    assert hours_from_json({"tz": "UTC", "weekly": {"mon": spans}}).weekly[0] == read


@pytest.mark.parametrize(
    ("holidays", "spans"),
    [
        pytest.param([{}], (), id="closed all day"),
        pytest.param([{"closed": [["13:00", "24:00"]]}], ((NINE, ONE),), id="half day"),
        pytest.param(
            [{"closed": [["12:00", "13:00"]]}], ((NINE, NOON), (ONE, FIVE)), id="closed in between"
        ),
        pytest.param([{"closed": [["08:00", "18:00"]]}], (), id="closed for longer than open"),
        pytest.param([{"closed": []}], ((NINE, FIVE),), id="closed at no time"),
        pytest.param([{"open": [["12:00", "13:00"]]}], ((NOON, ONE),), id="other hours"),
        pytest.param([{"open": []}], (), id="open at no time"),
        pytest.param(
            [{"closed": [["09:00", "12:00"]]}, {"closed": [["13:00", "24:00"]]}],
            ((NOON, ONE),),
            id="two closings",
        ),
        pytest.param(
            [{}, {"open": [["12:00", "13:00"]]}], ((NOON, ONE),), id="opened on a holiday"
        ),
        pytest.param(
            [{"open": [["12:00", "17:00"]]}, {"closed": [["13:00", "24:00"]]}],
            ((NOON, ONE),),
            id="opened, and closed for a part",
        ),
    ],
)
def test_a_holiday_replaces_its_day(holidays, spans):
    entries = [{"date": FRIDAY, "name": "Christmas Day", **holiday} for holiday in holidays]

    hours = hours_from_json(OFFICE | {"holidays": entries})

    assert hours.special_days == (SpecialDay(date(2026, 12, 25), spans, "Christmas Day"),)


@pytest.mark.parametrize(
    ("calendar", "errors"),
    [
        pytest.param(None, {"calendar"}, id="nothing"),
        pytest.param({}, {"tz"}, id="no zone"),
        pytest.param({"tz": "Mars/Olympus"}, {"tz"}, id="unknown zone"),
        pytest.param({"tz": "Europe"}, {"tz"}, id="a folder of zones"),
        pytest.param({"tz": "../UTC"}, {"tz"}, id="a path"),
        pytest.param({"tz": ["UTC"]}, {"tz"}, id="a list of zones"),
        pytest.param({"tz": "UTC", "hours": {}}, {"hours"}, id="unknown key"),
        pytest.param({"tz": "UTC", "weekly": []}, {"weekly"}, id="week is a list"),
        pytest.param({"tz": "UTC", "weekly": {"monday": []}}, {"weekly.monday"}, id="long day"),
        pytest.param({"tz": "UTC", "weekly": {"mon": {}}}, {"weekly.mon"}, id="day is an object"),
        pytest.param(
            {"tz": "UTC", "weekly": {"mon": [["09:00"]]}}, {"weekly.mon[0]"}, id="half a span"
        ),
        pytest.param(
            {"tz": "UTC", "weekly": {"mon": [["09:00", "25:00"]]}},
            {"weekly.mon[0][1]"},
            id="no such time",
        ),
        pytest.param(
            {"tz": "UTC", "weekly": {"mon": [["24:00", "9"], [9, None]]}},
            {"weekly.mon[0][0]", "weekly.mon[0][1]", "weekly.mon[1][0]", "weekly.mon[1][1]"},
            id="every mistake at once",
        ),
        pytest.param(
            {"tz": "UTC", "weekly": {"mon": [["22:00", "06:00"]]}},
            {"weekly.mon[0][1]"},
            id="past midnight",
        ),
        pytest.param({"tz": "UTC", "holidays": {}}, {"holidays"}, id="holidays not listed"),
        pytest.param({"tz": "UTC", "holidays": ["x"]}, {"holidays[0]"}, id="x"),
        pytest.param(
            {"tz": "UTC", "holidays": [{"date": "2026-02-30", "close": []}]},
            {"holidays[0].date", "holidays[0].close"},
            id="no such date",
        ),
        pytest.param(
            {"tz": "UTC", "holidays": [{"date": FRIDAY, "open": [["1", "2"]]}]},
            {"holidays[0].open[0][0]", "holidays[0].open[0][1]"},
            id="a holiday's times",
        ),
    ],
)
def test_a_mistake_is_told_where_it_stands(calendar, errors):
    with pytest.raises(Malformed) as caught:
        hours_from_json(calendar)

    assert caught.value.errors.keys() == errors


def test_what_runs_past_midnight_is_told_how_to_write_it():
    with pytest.raises(Malformed, match=r"weekly\.mon\[0\]\[1\]: .*split hours"):
        hours_from_json({"tz": "UTC", "weekly": {"mon": [["22:00", "06:00"]]}})
