"""What working hours do at their edges; the searches and the cases cover the rest."""

from datetime import UTC, datetime, timedelta

import pytest

from nova.hours import HORIZON
from sla.calendars import hours_from_json

OFFICE = [["09:00", "17:00"]]
ALWAYS = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
WORKDAYS = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), OFFICE)
HOUR = 3_600

office = hours_from_json({"tz": "America/New_York", "weekly": WORKDAYS})
always = hours_from_json({"tz": "America/New_York", "weekly": ALWAYS})
never = hours_from_json({"tz": "UTC", "weekly": {}})


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


TUESDAY_OPENING = utc("2026-03-03T14:00:00")
TUESDAY_CLOSING = utc("2026-03-03T22:00:00")
WEDNESDAY_OPENING = utc("2026-03-04T14:00:00")


def test_a_target_that_ends_at_closing_is_due_at_closing():
    assert office.advance(TUESDAY_OPENING, 8 * HOUR) == TUESDAY_CLOSING


def test_the_second_after_closing_is_the_first_of_the_next_opening():
    assert office.advance(TUESDAY_OPENING, 8 * HOUR + 1) == WEDNESDAY_OPENING + timedelta(
        seconds=1
    )


def test_no_time_is_reached_at_once_even_while_closed():
    assert office.advance(TUESDAY_CLOSING, 0) == TUESDAY_CLOSING


def test_closing_time_itself_is_closed():
    assert office.open_seconds(TUESDAY_CLOSING, TUESDAY_CLOSING + timedelta(seconds=1)) == 0


@pytest.mark.parametrize("hours", [office, always, never], ids=["office", "always", "never"])
def test_time_that_runs_backwards_counts_nothing(hours):
    assert hours.open_seconds(TUESDAY_CLOSING, TUESDAY_OPENING) == 0
    assert list(hours.windows(TUESDAY_CLOSING, TUESDAY_OPENING)) == []


def test_hours_that_never_open_reach_nothing():
    assert never.is_never_open
    assert never.advance(TUESDAY_OPENING, 1) is None
    assert never.open_seconds(TUESDAY_OPENING, TUESDAY_OPENING + timedelta(days=9_999)) == 0


@pytest.mark.parametrize("hours", [office, always], ids=["office hours", "hours that never close"])
def test_a_target_beyond_the_horizon_is_never_due(hours):
    assert hours.advance(TUESDAY_OPENING, HORIZON + 1) is None


def test_hours_that_open_once_and_never_again_do_not_search_for_ever():
    once = {"tz": "UTC", "weekly": {}, "holidays": [{"date": "2026-03-04", "open": OFFICE}]}
    hours = hours_from_json(once)

    assert hours.advance(TUESDAY_OPENING, 8 * HOUR) == utc("2026-03-04T17:00:00")
    assert hours.advance(TUESDAY_OPENING, 8 * HOUR + 1) is None


def test_ten_working_years_end_on_the_day_that_a_count_of_days_gives():
    start = utc("2026-01-05T14:00:00")
    working_days = 10 * 260

    due = office.advance(start, working_days * 8 * HOUR)

    assert due == utc("2035-12-21T22:00:00")
    assert office.open_seconds(start, due) == working_days * 8 * HOUR


def test_parts_of_a_second_are_cut():
    late = timedelta(microseconds=999_999)

    assert office.open_seconds(TUESDAY_OPENING + late, TUESDAY_OPENING + 2 * late) == 1
    assert office.advance(TUESDAY_OPENING + late, HOUR) == TUESDAY_OPENING + timedelta(hours=1)


def test_hours_around_the_clock_are_one_window_over_any_weeks():
    end = TUESDAY_OPENING + timedelta(days=100)
    nights = {"tz": "UTC", "weekly": ALWAYS, "holidays": [{"date": "2030-01-01"}]}

    assert list(always.windows(TUESDAY_OPENING, end)) == [(TUESDAY_OPENING, end)]
    assert list(hours_from_json(nights).windows(TUESDAY_OPENING, end)) == [(TUESDAY_OPENING, end)]


def test_windows_name_each_opening():
    assert list(office.windows(utc("2026-03-03T20:00:00"), utc("2026-03-04T15:00:00"))) == [
        (utc("2026-03-03T20:00:00"), TUESDAY_CLOSING),
        (WEDNESDAY_OPENING, utc("2026-03-04T15:00:00")),
    ]


def test_equal_hours_are_equal_and_interchangeable_as_keys():
    again = hours_from_json({"tz": "America/New_York", "weekly": WORKDAYS})

    assert again == office
    assert {again: "same"}[office] == "same"
    assert again != always


def test_instants_in_any_zone_are_understood():
    tokyo = datetime.fromisoformat("2026-03-03T23:00:00+09:00")

    assert office.advance(tokyo, HOUR) == utc("2026-03-03T15:00:00")


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(TypeError):
        office.advance(datetime(2026, 3, 3, 9), HOUR)  # noqa: DTZ001 - naive on purpose
