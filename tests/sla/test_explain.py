"""What a clock says in words. The sums are checked on every worked case and in the searches."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from sla.calendars import hours_from_json
from sla.explain import explain
from sla.ledger import Entry, HistoryMissing, Kind, SwitchMode, Terms, fold
from sla.preview import preview
from sla.rules import record, start
from sla.words import Words

HOUR = 3_600
WEEK = ("mon", "tue", "wed", "thu", "fri")
OFFICE = {"tz": "America/New_York", "weekly": {day: [["09:00", "17:00"]] for day in WEEK}}
CHRISTMAS = {
    "tz": "Europe/London",
    "weekly": {day: [["09:00", "17:00"]] for day in WEEK},
    "holidays": [
        {"date": "2026-12-24", "closed": [["13:00", "24:00"]], "name": "Christmas Eve"},
        {"date": "2026-12-25", "name": "Christmas Day"},
        {"date": "2026-12-26", "name": "Boxing Day"},
        {"date": "2026-12-28"},
    ],
}


def told(calendar, target_min, as_of, *events, **policy):
    """Return the explanation of each clock."""
    asked = {
        "calendar": calendar,
        "policy": {"target_min": target_min, **policy},
        "events": [dict(zip(("type", "at"), event.split(), strict=True)) for event in events],
        "as_of": as_of,
    }
    return [clock["explanation"] for clock in preview(asked)["clocks"]]


def test_a_running_clock_counts_to_now_and_on_to_its_due_time():
    [lines] = told(OFFICE, 240, "2026-03-03T21:00:00Z", "start 2026-03-03T20:00:00Z")

    assert lines == [
        "Tue 3 Mar 15:00: started, target 4 h",
        "Tue 3 Mar 15:00 to 16:00: 1 h counted, 1 h in all",
        "Tue 3 Mar 16:00: now, 1 h of 4 h used, 3 h left",
        "Tue 3 Mar 16:00 to 17:00: 1 h to come, 2 h in all",
        "Wed 4 Mar 09:00 to 11:00: 2 h to come, 4 h in all",
        "Wed 4 Mar 11:00: due",
    ]


def test_a_pause_says_how_much_open_time_it_held():
    [lines] = told(
        OFFICE,
        240,
        "2026-03-05T20:00:00Z",
        "start 2026-03-03T20:00:00Z",
        "pause 2026-03-03T21:00:00Z",
        "resume 2026-03-04T15:00:00Z",
        "stop 2026-03-04T15:30:00Z",
    )

    assert lines == [
        "Tue 3 Mar 15:00: started, target 4 h",
        "Tue 3 Mar 15:00 to 16:00: 1 h counted, 1 h in all",
        "Tue 3 Mar 16:00: paused",
        "Wed 4 Mar 10:00: resumed; the pause held 2 h of open time",
        "Wed 4 Mar 10:00 to 10:30: 30 min counted, 1 h 30 min in all",
        "Wed 4 Mar 10:30: stopped",
        "Met: 1 h 30 min of 4 h used, 2 h 30 min to spare",
    ]


def test_a_breach_stands_where_the_count_passes_the_target():
    [lines] = told(OFFICE, 60, "2026-03-09T14:00:00Z", "start 2026-03-06T20:30:00Z")

    assert lines == [
        "Fri 6 Mar 15:30: started, target 1 h",
        "Fri 6 Mar 15:30 to 16:30: 1 h counted, 1 h in all",
        "Fri 6 Mar 16:30: due, and breached from here on",
        "Fri 6 Mar 16:30 to 17:00: 30 min counted, 1 h 30 min in all",
        "Mon 9 Mar 09:00 EDT to 10:00: 1 h counted, 2 h 30 min in all",
        "Mon 9 Mar 10:00 EDT: now, 2 h 30 min of 1 h used, 1 h 30 min over",
    ]


def test_holidays_are_named_once_and_only_where_they_change_a_day():
    [lines] = told(CHRISTMAS, 600, "2026-12-24T12:00:00Z", "start 2026-12-24T11:00:00Z")

    assert lines == [
        "Thu 24 Dec 11:00: started, target 10 h",
        "Thu 24 Dec: other hours (Christmas Eve)",
        "Thu 24 Dec 11:00 to 12:00: 1 h counted, 1 h in all",
        "Thu 24 Dec 12:00: now, 1 h of 10 h used, 9 h left",
        "Thu 24 Dec 12:00 to 13:00: 1 h to come, 2 h in all",
        "Fri 25 Dec: closed (Christmas Day)",
        "Mon 28 Dec: closed",
        "Tue 29 Dec 09:00 to 17:00: 8 h to come, 10 h in all",
        "Tue 29 Dec 17:00: due",
    ]


def test_many_windows_are_summed_up_and_the_holidays_among_them_named():
    calendar = OFFICE | {"holidays": [{"date": "2026-04-06"}, {"date": "2026-04-11"}]}

    [lines] = told(calendar, 60, "2026-06-30T21:00:00Z", "start 2026-06-01T13:00:00Z")
    [longer] = told(calendar, 99_999, "2026-04-30T21:00:00Z", "start 2026-03-02T14:00:00Z")

    assert longer[:8] == [
        "Mon 2 Mar 09:00: started, target 1666 h 39 min",
        "Mon 2 Mar 09:00 to 17:00: 8 h counted, 8 h in all",
        "Tue 3 Mar 09:00 to 17:00: 8 h counted, 16 h in all",
        "Wed 4 Mar 09:00 to 17:00: 8 h counted, 24 h in all",
        "Mon 6 Apr: closed",
        "… Thu 5 Mar 09:00 to Tue 28 Apr 17:00 EDT: 38 more windows, 304 h counted, 328 h in all",
        "Wed 29 Apr 09:00 EDT to 17:00: 8 h counted, 336 h in all",
        "Thu 30 Apr 09:00 EDT to 17:00: 8 h counted, 344 h in all",
    ]
    assert "closed" not in " ".join(lines)


def test_many_holidays_are_counted():
    days = [{"date": f"2026-{month:02}-{day:02}"} for month in (4, 5, 6) for day in range(1, 32)]
    holidays = [day for day in days if day["date"] not in {"2026-04-31", "2026-06-31"}]

    [lines] = told(
        OFFICE | {"holidays": holidays}, 60, "2026-07-01T12:00:00Z", "start 2026-04-01T14:00:00Z"
    )

    assert lines[1:4] == [
        "65 days in what follows are closed or have other hours",
        "Wed 1 Jul 08:00: now, 0 min of 1 h used, 1 h left",
        "Wed 1 Jul 09:00 to 10:00: 1 h to come, 1 h in all",
    ]


def test_a_clock_that_waits_has_no_due_time_and_says_why():
    [lines] = told(
        OFFICE,
        60,
        "2026-03-05T20:00:00Z",
        "start 2026-03-03T15:00:00Z",
        "pause 2026-03-03T15:30:00Z",
    )

    assert lines[-1] == "Paused at 30 min of 1 h: no due time until it resumes"


def test_a_clock_that_waits_in_breach_says_so():
    [lines] = told(
        OFFICE,
        60,
        "2026-03-05T20:00:00Z",
        "start 2026-03-03T15:00:00Z",
        "pause 2026-03-03T17:00:00Z",
    )

    assert lines[-1] == "Paused at 2 h of 1 h: breached, 1 h over"


def test_hours_that_never_open_say_so():
    [lines] = told({"tz": "UTC"}, 60, "2026-03-05T20:00:00Z", "start 2026-03-03T15:00:00Z")

    assert lines[-1] == "The calendar does not open for long enough: no due time"


def test_the_year_is_told_where_it_changes_and_seconds_where_they_matter():
    always = {"tz": "UTC", "weekly": {day: [["00:00", "24:00"]] for day in (*WEEK, "sat", "sun")}}

    [lines] = told(always, 60, "2026-12-31T23:45:00Z", "start 2026-12-31T23:30:05Z")

    assert lines == [
        "Thu 31 Dec 23:30:05: started, target 1 h",
        "Thu 31 Dec 23:30:05 to 23:45: 14 min 55 s counted, 14 min 55 s in all",
        "Thu 31 Dec 23:45: now, 14 min 55 s of 1 h used, 45 min 5 s left",
        "Thu 31 Dec 23:45 to Fri 1 Jan 2027 00:30:05: 45 min 5 s to come, 1 h in all",
        "Fri 1 Jan 2027 00:30:05: due",
    ]


@pytest.mark.parametrize(
    ("mode", "line"),
    [
        ("continue", "Wed 4 Mar 10:00: reopened; the time in between does not count"),
        ("as_if_never_stopped", "Wed 4 Mar 10:00: reopened as if it had never stopped"),
        ("new_cycle", "Wed 4 Mar 10:00: reopened in a new cycle, target 4 h"),
    ],
)
def test_a_reopening_says_what_becomes_of_the_time_in_between(mode, line):
    *_, lines = told(
        OFFICE,
        240,
        "2026-03-04T16:00:00Z",
        "start 2026-03-03T15:00:00Z",
        "stop 2026-03-03T17:00:00Z",
        "reopen 2026-03-04T15:00:00Z",
        reopen=mode,
    )

    assert line in lines


def test_switches_are_told_and_so_is_a_breach_that_they_lifted():
    office = hours_from_json(OFFICE)
    night = hours_from_json({"tz": "UTC", "weekly": {day: [["00:00", "24:00"]] for day in WEEK}})
    cycle = start(Terms(HOUR, office), at(14)).cycle
    for hour, target, hours in [(16, 8, office), (17, 8, night), (18, 9, night)]:
        terms = Terms(target * HOUR, hours)
        switch = Entry(at(hour), Kind.POLICY_SWITCHED, terms, SwitchMode.RETROACTIVE)
        cycle = record(cycle, switch).cycle
    cycle = record(cycle, Entry(at(19), Kind.RECALCULATED, Terms(9 * HOUR, night))).cycle

    events = [
        line.text for line in explain(cycle, at(20), ZoneInfo("UTC")) if line.kind == "event"
    ]

    assert events == [
        "Tue 3 Mar 14:00: started, target 1 h",
        "Tue 3 Mar 15:00: breached, as the terms stood then",
        "Tue 3 Mar 16:00: policy switched to 8 h, the time so far is kept",
        "Tue 3 Mar 17:00: working hours switched, the time so far is kept",
        "Tue 3 Mar 18:00: policy switched to 9 h, the time so far is kept",
        "Tue 3 Mar 19:00: recalculated by corrected terms, target 9 h",
    ]


def test_a_restart_is_told_on_both_sides():
    office = Terms(8 * HOUR, hours_from_json(OFFICE))
    restart = Entry(at(17), Kind.POLICY_SWITCHED, Terms(HOUR, office.hours), SwitchMode.RESTART)
    ended, fresh = fold(
        [
            Entry(at(14), Kind.STARTED, office),
            Entry(at(15), Kind.PAUSED),
            restart,
            Entry(at(18), Kind.RESUMED),
        ]
    )

    assert [line.text for line in explain(ended, at(19))][-2:] == [
        "Tue 3 Mar 12:00: policy switched to 1 h, the count restarts",
        "Cancelled after 1 h of 8 h: no verdict",
    ]
    assert [line.text for line in explain(fresh, at(19))][:2] == [
        "Tue 3 Mar 12:00: policy switched to 1 h, the count restarts",
        "Tue 3 Mar 13:00: resumed; the pause held 1 h of open time",
    ]


def test_it_is_told_in_the_zone_and_language_of_the_reader():
    cycle = start(Terms(HOUR, hours_from_json(OFFICE)), at(15)).cycle
    german = {"Tue": "Di", "Mar": "März", "%(at)s: due": "%(at)s: fällig"}

    lines = explain(cycle, at(15), ZoneInfo("Europe/Berlin"), lambda text: german.get(text, text))

    assert lines[-1].text == "Di 3 März 17:00: fällig"


def test_a_snapshot_cannot_be_explained():
    cycle = fold([Entry(at(15), Kind.STARTED, office_hour()), Entry(at(16), Kind.PAUSED)])[0]
    snapshot = type(cycle)(
        number=1,
        terms=cycle.terms,
        state=cycle.state,
        started_at=cycle.started_at,
        changed_at=cycle.changed_at,
        counted_seconds=cycle.counted_seconds,
    )

    with pytest.raises(HistoryMissing):
        explain(snapshot, at(17))


def office_hour() -> Terms:
    return Terms(HOUR, hours_from_json(OFFICE))


def at(hour: int) -> datetime:
    return datetime(2026, 3, 3, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 min"), (59, "59 s"), (5_400, "1 h 30 min"), (-61, "1 min 1 s"), (360_000, "100 h")],
)
def test_spans_read_as_people_say_them(seconds, words):
    assert Words(ZoneInfo("UTC"), at(0)).span(seconds) == words


@pytest.mark.parametrize(
    ("start_at", "end_at", "words"),
    [
        ("2026-03-03T09:00", "2026-03-03T17:00", "Tue 3 Mar 10:00 to 18:00"),
        ("2026-03-03T09:00", "2026-03-03T23:00", "Tue 3 Mar 10:00 to 24:00"),
        ("2026-03-03T09:00", "2026-03-04T23:00", "Tue 3 Mar 10:00 to Thu 5 Mar 00:00"),
        ("2026-10-25T00:30", "2026-10-25T01:30", "Sun 25 Oct 02:30 CEST to Sun 25 Oct 02:30"),
    ],
    ids=["one day", "to midnight", "over midnights", "in a repeated hour"],
)
def test_windows_name_a_day_once_and_the_zone_where_it_changed(start_at, end_at, words):
    start_utc, end_utc = (
        datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (start_at, end_at)
    )

    assert Words(ZoneInfo("Europe/Berlin"), at(0)).window(start_utc, end_utc) == words
