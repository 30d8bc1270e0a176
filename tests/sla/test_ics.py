"""Holidays from iCalendar files: what they mean, what they may cost, and what errors are told."""

import time
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.calendars import Malformed
from sla.ics import MOST_BYTES, MOST_EVENTS, days_from_ics

BERLIN = ZoneInfo("Europe/Berlin")
FIRST, LAST = date(2026, 1, 1), date(2030, 12, 31)
DAY = "DTSTART;VALUE=DATE"


def file(*events):
    lines = [["BEGIN:VEVENT", *event.split("|"), "END:VEVENT"] for event in events]
    body = [line for event in lines for line in event]
    return "\r\n".join(["BEGIN:VCALENDAR", *body, "END:VCALENDAR", ""]).encode()


def read(*events, zone=BERLIN):
    return days_from_ics(file(*events), zone, FIRST, LAST)


def dates(*events):
    return [day["date"] for day in read(*events)]


def complaints(content):
    with pytest.raises(Malformed) as caught:
        days_from_ics(content, BERLIN, FIRST, LAST)
    return caught.value.errors


@pytest.mark.parametrize(
    ("event", "days"),
    [
        pytest.param(
            f"{DAY}:20261225|SUMMARY:Christmas Day",
            [{"date": "2026-12-25", "name": "Christmas Day"}],
            id="a day",
        ),
        pytest.param(
            f"{DAY}:20261225|DTEND;VALUE=DATE:20261227",
            [{"date": "2026-12-25"}, {"date": "2026-12-26"}],
            id="its end is the first day that is open again",
        ),
        pytest.param(
            f"{DAY}:20261225|DURATION:P2D",
            [{"date": "2026-12-25"}, {"date": "2026-12-26"}],
            id="for so many days",
        ),
        pytest.param(
            "DTSTART:20261224T130000|DTEND:20261224T180000",
            [{"date": "2026-12-24", "closed": [["13:00", "18:00"]]}],
            id="wall time of wherever the desk is",
        ),
        pytest.param(
            "DTSTART:20261224T120000Z|DURATION:PT1H30M",
            [{"date": "2026-12-24", "closed": [["13:00", "14:30"]]}],
            id="UTC",
        ),
        pytest.param(
            "DTSTART;TZID=America/New_York:20261224T120000|DURATION:PT1H",
            [{"date": "2026-12-24", "closed": [["18:00", "19:00"]]}],
            id="another zone",
        ),
        pytest.param(
            "DTSTART:20261231T220000Z|DTEND:20270101T010030Z",
            [
                {"date": "2026-12-31", "closed": [["23:00", "24:00"]]},
                {"date": "2027-01-01", "closed": [["00:00", "02:00:30"]]},
            ],
            id="over midnight",
        ),
        pytest.param("DTSTART:20261224T130000", [], id="no time at all"),
        pytest.param(f"{DAY}:20251225", [], id="before the years asked for"),
        pytest.param(f"{DAY}:20261225|STATUS:CANCELLED", [], id="cancelled"),
        pytest.param(
            f"{DAY}:20261225|SUMMARY:Two\\nlines\\, one name",
            [{"date": "2026-12-25", "name": "Two lines, one name"}],
            id="a name is one line",
        ),
    ],
)
def test_an_event_closes_its_days_or_its_times(event, days):
    assert read(event) == days


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("FREQ=YEARLY", ["2026-05-01", "2027-05-01", "2028-05-01", "2029-05-01", "2030-05-01"]),
        ("FREQ=YEARLY;COUNT=8", ["2026-05-01", "2027-05-01"]),
        ("FREQ=YEARLY;UNTIL=20270501", ["2026-05-01", "2027-05-01"]),
        ("FREQ=YEARLY;UNTIL=20270501T000000Z", ["2026-05-01", "2027-05-01"]),
        ("FREQ=YEARLY;INTERVAL=5", ["2030-05-01"]),
        ("FREQ=YEARLY;BYMONTH=5;BYDAY=1MO;UNTIL=20271231", ["2026-05-04", "2027-05-03"]),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", []),
    ],
)
def test_what_comes_each_year_is_expanded_within_the_years_asked_for(rule, found):
    start = "20200501"

    assert [on for on in dates(f"{DAY}:{start}|RRULE:{rule}") if on >= "2026"] == found


def test_single_days_of_a_series_are_left_out_added_and_moved():
    series = f"UID:1|{DAY}:20260101|RRULE:FREQ=YEARLY|EXDATE;VALUE=DATE:20270101"
    added = "RDATE;VALUE=DATE:20270104"
    moved = f"UID:1|RECURRENCE-ID;VALUE=DATE:20280101|{DAY}:20280103"
    gone = f"UID:1|RECURRENCE-ID;VALUE=DATE:20290101|{DAY}:20290101|STATUS:CANCELLED"

    found = dates(f"{series}|{added}", moved, gone)

    assert found == ["2026-01-01", "2027-01-04", "2028-01-03", "2030-01-01"]


def test_a_rule_counts_on_the_wall_clock_of_its_zone():
    found = read(
        "DTSTART;TZID=Europe/Berlin:20260301T090000|DURATION:PT1H|RRULE:FREQ=MONTHLY;COUNT=2"
    )

    assert [day["closed"] for day in found] == [[["09:00", "10:00"]]] * 2


def test_what_two_events_say_alike_is_said_once():
    assert dates(f"UID:1|{DAY}:20261225", f"UID:2|{DAY}:20261225") == ["2026-12-25"]


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ("SUMMARY:x", "no DTSTART"),
        ("DTSTART:soon|SUMMARY:x", "DTSTART cannot be read"),
        (f"{DAY}:20261225|DTEND:20261226T000000Z|SUMMARY:x", "the other has none"),
        (f"{DAY}:20261225|DTEND;VALUE=DATE:20261224|SUMMARY:x", "ends before it begins"),
        ("DTSTART;TZID=Mars/Base:20261225T090000|SUMMARY:x", "time zone that is not known"),
        (f"{DAY}:20261225|RRULE:FREQ=NOW|SUMMARY:x", "RRULE cannot be read"),
        (f"{DAY}:20261225|RRULE:FREQ=SECONDLY|SUMMARY:x", "more often than daily"),
        (f"{DAY}:20261225|RRULE:FREQ=DAILY;BYSECOND=1|SUMMARY:x", "more often than daily"),
        (f"{DAY}:20261225|RRULE:FREQ=DAILY;INTERVAL=0|SUMMARY:x", "every 0 times"),
        (f"{DAY}:00010101|RRULE:FREQ=DAILY|SUMMARY:x", "repeat too often"),
        (f"{DAY}:20261225|{DAY}:20261226|SUMMARY:x", "not one date"),
    ],
)
def test_an_event_that_cannot_be_read_is_named(event, words):
    errors = complaints(file(f"{DAY}:20260101|SUMMARY:fine", event))

    assert list(errors) == ["event 2 (x)"]
    assert words in errors["event 2 (x)"]


def test_every_event_that_cannot_be_read_is_told():
    assert list(complaints(file("SUMMARY:a", f"{DAY}:20260101", "SUMMARY:b"))) == [
        "event 1 (a)",
        "event 3 (b)",
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(b"", "no iCalendar file", id="empty"),
        pytest.param(b"<html><body>Sign in</body></html>", "no iCalendar file", id="a page"),
        pytest.param(b"\xff\xfe\x00\x01", "no iCalendar file", id="bytes"),
        pytest.param(b"BEGIN:VEVENT\r\nEND:VEVENT\r\n", "BEGIN:VCALENDAR", id="no calendar"),
        pytest.param(b"BEGIN:VCALENDAR\r\n" * 9_000, "no iCalendar file", id="nested"),
        pytest.param(b"x" * (MOST_BYTES + 1), "larger than", id="large"),
        pytest.param(file(*[f"{DAY}:20260101"] * (MOST_EVENTS + 1)), "more than", id="many"),
        pytest.param(
            file(*[f"{DAY}:20260101|DTEND;VALUE=DATE:20301231"] * 4),
            "more than",
            id="too many days",
        ),
    ],
)
def test_a_file_that_is_none_says_so(content, words):
    assert words in "; ".join(complaints(content).values())


def test_what_is_built_to_cost_much_costs_little():
    rule = "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"
    began = time.process_time()
    complaints(file(*[f"UID:{n}|{DAY}:19800101|{rule}" for n in range(1_000)]))

    assert time.process_time() - began < 10


def test_a_mark_before_the_first_byte_is_no_matter():
    assert days_from_ics(b"\xef\xbb\xbf" + file(f"{DAY}:20260101"), BERLIN, FIRST, LAST)


ON = st.dates(FIRST, LAST)
NAMES = st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), min_size=1, max_size=30)
SECONDS = st.integers(0, 86_399)


def as_event(day):
    """Return a day of a calendar as an event, by the library's own writer."""
    event = icalendar.Event()
    on = date.fromisoformat(day["date"])
    event.add("summary", day["name"])
    event.add("uid", day["date"])
    opens, closes = day.get("closed", [(None, None)])[0]
    if opens is None:
        event.add("dtstart", on)
        return event
    midnight = datetime(on.year, on.month, on.day)  # noqa: DTZ001 - wall time
    event.add("dtstart", midnight + _since_midnight(opens))
    event.add("dtend", midnight + _since_midnight(closes))
    return event


def _since_midnight(clock):
    hours, minutes, *seconds = map(int, clock.split(":"))
    return timedelta(hours=hours, minutes=minutes, seconds=sum(seconds))


def clock(second):
    face = f"{second // 3600:02}:{second // 60 % 60:02}"
    return f"{face}:{second % 60:02}" if second % 60 else face


WHOLE = st.builds(lambda on, name: {"date": str(on), "name": name}, ON, NAMES)
PART = st.builds(
    lambda on, name, pair: {
        "date": str(on),
        "closed": [[clock(pair[0]), clock(pair[1])]],
        "name": name,
    },
    ON,
    NAMES,
    st.tuples(SECONDS, SECONDS).map(sorted).filter(lambda pair: pair[0] < pair[1]),
)


@given(st.lists(WHOLE | PART, max_size=6, unique_by=lambda day: day["date"]))
def test_days_written_as_a_file_and_read_back_are_equal(days):
    calendar = icalendar.Calendar()
    for day in days:
        calendar.add_component(as_event(day))
    again = days_from_ics(calendar.to_ical(), BERLIN, FIRST, LAST)

    assert again == sorted(days, key=lambda day: day["date"])


LINES = st.sampled_from(
    [
        "DTSTART:20260101T000000Z",
        "DTSTART;VALUE=DATE:20260101",
        "DTSTART;VALUE=PERIOD:20260101T000000Z/PT1H",
        "DTEND:99991231T235959Z",
        "DTEND;VALUE=DATE:00010101",
        "DURATION:-P9999D",
        "DURATION:P99999999D",
        "RRULE:FREQ=YEARLY;COUNT=-1",
        "RRULE:FREQ=WEEKLY;BYDAY=99MO",
        "RRULE:FREQ=MONTHLY;BYSETPOS=500;BYDAY=MO",
        "RRULE:FREQ=YEARLY;BYEASTER=0",
        "RRULE:FREQ=YEARLY;UNTIL=99991231T235959Z",
        "EXDATE;VALUE=DATE:20260101,x",
        "RDATE;VALUE=PERIOD:20260101T000000Z/PT1H",
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20260101T000000Z",
        "SUMMARY;LANGUAGE=:x",
        "BEGIN:VALARM",
        "END:VALARM",
        "SUMMARY:\u2028\x07",
    ]
)


@given(st.lists(LINES, max_size=6))
def test_whatever_a_stranger_writes_is_read_or_refused(lines):
    content = file("|".join(lines))
    try:
        found = days_from_ics(content, BERLIN, FIRST, LAST)
    except Malformed as malformed:
        found = malformed.errors

    assert found is not None


@given(st.binary(max_size=200))
def test_whatever_bytes_come_are_read_or_refused(content):
    with pytest.raises(Malformed):
        days_from_ics(content, BERLIN, FIRST, LAST)
