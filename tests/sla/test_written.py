"""A version as it was written: its layers, what differs, and how people write days."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.calendar_changes import Difference, differences
from sla.calendar_text import days_text, definition_of
from sla.calendars import Malformed, hours_from_json
from sla.public_holidays import holidays_by_rule
from sla.written import Written, layered, renewed

OWN = {"date": "2026-01-06", "open": [["10:00", "12:00"]]}
EPIPHANY = {"date": "2026-01-06", "name": "Epiphany"}
FEED = {"date": "2026-01-07", "closed": [["12:00", "24:00"]], "name": "Move"}
TODAY = date(2026, 6, 1)


def test_what_is_written_by_hand_goes_before_holidays_and_those_before_a_feed():
    feed = [{"date": "2026-01-06", "name": "Feed"}, FEED]

    assert layered([OWN], [EPIPHANY], feed) == [OWN, FEED]
    assert layered([], [EPIPHANY], feed) == [EPIPHANY, FEED]


def test_one_source_may_say_several_things_of_a_date():
    halves = [
        {"date": "2026-01-06", "closed": [["09:00", "10:00"]]},
        {"date": "2026-01-06", "closed": [["16:00", "17:00"]]},
    ]

    assert layered([], [], halves) == halves


def test_a_version_is_read_as_it_was_written():
    written = Written(
        zone="Europe/Berlin",
        weekly={"mon": [["09:00", "17:00"]]},
        own=[OWN],
        public=holidays_by_rule("DE", "BY", 2026, 2027),
        feed=[FEED],
    )

    assert Written.of(written.definition, written.sources) == written
    assert hours_from_json(written.definition)


def test_of_a_version_without_sources_every_day_is_its_own():
    definition = {"tz": "UTC", "weekly": {}, "holidays": [EPIPHANY]}

    assert Written.of(definition, {}).own == [EPIPHANY]
    assert Written.of(definition, {}).definition == definition


@pytest.mark.parametrize(
    ("present", "read", "after"),
    [
        pytest.param([], ["2026-01-01", "2026-12-25"], ["2026-01-01", "2026-12-25"], id="first"),
        pytest.param(
            ["2026-01-01"], ["2026-12-25"], ["2026-01-01", "2026-12-25"], id="past stays"
        ),
        pytest.param(["2026-12-25"], ["2026-12-26"], ["2026-12-26"], id="to come follows"),
        pytest.param(["2026-01-01"], ["2026-01-02"], ["2026-01-01"], id="no new past"),
        pytest.param(["2026-06-01"], [], [], id="today is not past"),
    ],
)
def test_a_feed_says_anew_what_is_to_come(present, read, after):
    def days(dates):
        return [{"date": on} for on in dates]

    assert renewed(days(present), days(read), TODAY) == days(after)


def test_what_differs_is_said_by_zone_weekday_and_date():
    before = {"tz": "UTC", "weekly": {"mon": [["09:00", "17:00"]]}, "holidays": [EPIPHANY]}
    after = {
        "tz": "Asia/Tokyo",
        "weekly": {"mon": [["09:00", "12:00"], ["13:00", "17:00"]], "sat": [["10:00", "14:00"]]},
        "holidays": [OWN, {"date": "2026-05-01"}],
    }

    assert differences(before, after) == [
        Difference("tz", "UTC", "Asia/Tokyo"),
        Difference("mon", "09:00-17:00", "09:00-12:00, 13:00-17:00"),
        Difference("sat", "", "10:00-14:00"),
        Difference("2026-01-06", "closed Epiphany", "open 10:00-12:00"),
        Difference("2026-05-01", "", "closed"),
    ]
    assert differences(after, after) == []


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("2026-12-25 Christmas Day", {"name": "Christmas Day"}),
        ("2026-12-25", {}),
        ("2026-12-25 usual", {"closed": []}),
        ("2026-12-25 usual Works", {"closed": [], "name": "Works"}),
        ("2026-12-25 usually closed", {"name": "usually closed"}),
        (
            "2026-12-25 closed 13:00-24:00 24 hours",
            {"closed": [["13:00", "24:00"]], "name": "24 hours"},
        ),
        ("2026-12-25 open 9:00 - 10:00:30", {"open": [["09:00", "10:00:30"]]}),
    ],
)
def test_a_line_says_what_becomes_of_a_day(line, day):
    assert definition_of("UTC", {}, line)["holidays"] == [{"date": "2026-12-25", **day}]


@pytest.mark.parametrize("line", ["2026-12-25 closed 13-24", "2026-12-25 open 9 Sale", "tomorrow"])
def test_hours_that_cannot_be_read_are_no_name(line):
    with pytest.raises(Malformed) as caught:
        definition_of("UTC", {}, line)

    assert caught.value.errors.keys() == {"line 1"}


CLOCKS = st.integers(0, 24 * 3600 - 1).map(
    lambda s: f"{s // 3600:02}:{s // 60 % 60:02}:{s % 60:02}"
)
SPANS = st.lists(
    st.tuples(CLOCKS, CLOCKS).filter(lambda pair: pair[0] < pair[1]).map(list),
    min_size=1,
    max_size=3,
)
NAMES = st.text("aé-1:, ", max_size=12) | st.sampled_from(
    ["open", "closed", "usual", "open 09:00-10:00", "closed 9", "usual hours", "24 hours"]
)
DAYS = st.fixed_dictionaries(
    {"date": st.dates(date(2000, 1, 1), date(2100, 1, 1)).map(str)},
    optional={"name": NAMES.map(lambda name: " ".join(name.split())).filter(bool)},
) | st.builds(
    lambda on, how, spans: {"date": str(on), how: spans},
    st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    st.sampled_from(["open", "closed"]),
    SPANS,
)


@given(st.lists(DAYS, max_size=5, unique_by=lambda day: day["date"]))
def test_days_mean_the_same_when_written_out_and_read_back(days):
    week = {"mon": "09:00-17:00", "sat": "10:00-12:00"}
    again = definition_of("UTC", week, days_text(days))

    assert hours_from_json(again) == hours_from_json({**again, "holidays": days})
