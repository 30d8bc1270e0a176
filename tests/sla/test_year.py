"""A year at a glance: what each day amounts to, and what is to be seen to."""

from datetime import date

import pytest

from sla.calendars import WEEKDAYS, hours_from_json
from sla.coverage import missing_year
from sla.year import Look, never_opens_again, runs_of_weeks, year_in, year_of

HOUR = 3600
LUNCH = [["09:00", "12:00"], ["13:00", "17:00"]]
OFFICE = {"weekly": dict.fromkeys(WEEKDAYS[:5], LUNCH)}
ALWAYS = {"weekly": {day: [["00:00", "24:00"]] for day in WEEKDAYS}}
TODAY = date(2026, 11, 26)


def year(stated, number, zone="UTC", holidays=()):
    return year_of(hours_from_json({"tz": zone, **stated, "holidays": list(holidays)}), number)


def day(found, month, number):
    return next(day for day in found.days if day.on == date(found.number, month, number))


@pytest.mark.parametrize(
    ("holiday", "look", "hours"),
    [
        pytest.param({}, Look.CLOSED, 0, id="holiday"),
        pytest.param({"closed": [["12:00", "24:00"]]}, Look.SHORT, 3, id="half day"),
        pytest.param({"closed": []}, Look.USUAL, 7, id="as usual"),
        pytest.param({"open": [["08:00", "15:00"]]}, Look.USUAL, 7, id="as long, at other hours"),
        pytest.param({"open": [["08:00", "20:00"]]}, Look.LONGER, 12, id="longer"),
    ],
)
def test_a_day_is_compared_with_its_weekday(holiday, look, hours):
    found = day(year(OFFICE, 2026, holidays=[{"date": "2026-12-24", **holiday}]), 12, 24)

    assert (found.look, found.seconds, found.is_special) == (look, hours * HOUR, True)


@pytest.mark.parametrize(
    ("holiday", "look"), [({"open": [["10:00", "12:00"]]}, Look.LONGER), ({}, Look.CLOSED)]
)
def test_a_day_that_is_usually_closed_can_only_be_longer(holiday, look):
    assert (
        day(year(OFFICE, 2026, holidays=[{"date": "2026-12-26", **holiday}]), 12, 26).look == look
    )


def test_a_year_and_its_months_are_the_sums_of_their_days():
    found = year(OFFICE, 2027)

    assert found.seconds == 261 * 7 * HOUR
    assert [month.seconds // HOUR for month in found.months[:3]] == [21 * 7, 20 * 7, 23 * 7]
    assert sum(month.seconds for month in found.months) == found.seconds


@pytest.mark.parametrize(("number", "days"), [(2027, 365), (2028, 366)])
def test_a_month_is_laid_out_from_monday(number, days):
    found = year(OFFICE, number)
    cells = [cell for month in found.months for week in month.weeks for cell in week]

    assert len([cell for cell in cells if cell]) == len(found.days) == days
    assert all(len(week) == 7 for month in found.months for week in month.weeks)
    assert all(
        cell is None or cell.on.weekday() == place % 7
        for month in found.months
        for place, cell in enumerate(cell for week in month.weeks for cell in week)
    )


@pytest.mark.parametrize(
    ("zone", "number", "shifts"),
    [
        pytest.param("Europe/Berlin", 2026, {(3, 29): 23, (10, 25): 25}, id="Europe"),
        pytest.param("America/New_York", 2026, {(3, 8): 23, (11, 1): 25}, id="America"),
        pytest.param(
            "Australia/Lord_Howe", 2026, {(4, 5): 24.5, (10, 4): 23.5}, id="half an hour"
        ),
        pytest.param("Asia/Tokyo", 2026, {}, id="none"),
        pytest.param("Pacific/Apia", 2011, {(4, 2): 25, (9, 24): 23, (12, 29): 24}, id="Samoa"),
    ],
)
def test_the_days_on_which_clocks_are_set_are_marked_and_count_what_they_last(
    zone, number, shifts
):
    found = year(ALWAYS, number, zone)

    assert {(d.on.month, d.on.day): d.seconds / HOUR for d in found.special} == shifts
    assert all(bool(d.shift) for d in found.special)


def test_the_day_that_samoa_skipped_has_no_time():
    assert day(year(ALWAYS, 2011, "Pacific/Apia"), 12, 30).seconds == 0


def test_weeks_without_open_time_are_found_over_the_turn_of_the_year():
    shut = [{"date": f"2026-12-{number}"} for number in range(28, 32)]
    found = year(OFFICE, 2026, holidays=[*shut, {"date": "2027-01-01"}])

    assert found.empty_weeks == [date(2026, 12, 28)]
    assert year(OFFICE, 2026, holidays=shut).empty_weeks == []


def test_weeks_that_follow_each_other_are_one_run():
    mondays = [date(2026, 7, 6), date(2026, 7, 13), date(2026, 12, 21)]

    assert runs_of_weeks(mondays) == [
        (date(2026, 7, 6), date(2026, 7, 19)),
        (date(2026, 12, 21), date(2026, 12, 27)),
    ]


@pytest.mark.parametrize(
    ("stated", "never"),
    [
        pytest.param({}, True, id="nothing"),
        pytest.param(OFFICE, False, id="a week"),
        pytest.param(
            {"holidays": [{"date": "2026-11-25", "open": [["9:00".zfill(5), "10:00"]]}]},
            True,
            id="only in the past",
        ),
        pytest.param(
            {"holidays": [{"date": "2026-11-26", "open": [["09:00", "10:00"]]}]},
            False,
            id="today",
        ),
    ],
)
def test_hours_that_never_open_again_are_known(stated, never):
    assert never_opens_again(hours_from_json({"tz": "UTC", **stated}), TODAY) == never


@pytest.mark.parametrize(
    ("asked", "found"),
    [("2027", 2027), ("1970", None), ("2200", None), ("27", None), ("x", None), ("٢٠٢٧", None)],
)
def test_a_year_is_read_if_it_can_be_shown(asked, found):
    assert year_in(asked) == found


def closed(number, count):
    return [{"date": f"{number}-03-{day:02}"} for day in range(1, count + 1)]


@pytest.mark.parametrize(
    ("days", "missing"),
    [
        pytest.param([], None, id="never any"),
        pytest.param(closed(2026, 10), 2027, id="none next year"),
        pytest.param(closed(2025, 10), 2026, id="none this year"),
        pytest.param(closed(2025, 10) + closed(2026, 10) + closed(2027, 5), None, id="half"),
        pytest.param(closed(2026, 10) + closed(2027, 4), 2027, id="fewer than half"),
        pytest.param(closed(2026, 3), None, id="some days of one's own"),
        pytest.param(closed(2026, 1) * 9, None, id="one day said nine times"),
        pytest.param(closed(2024, 10), None, id="long ago"),
        pytest.param(
            [{**day, "closed": [["13:00", "24:00"]]} for day in closed(2026, 9)],
            None,
            id="half days are no holidays",
        ),
    ],
)
def test_a_year_misses_its_holidays_when_the_former_one_has_them(days, missing):
    assert missing_year(days, TODAY) == missing
