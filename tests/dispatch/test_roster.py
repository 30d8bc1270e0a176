"""Who is at work when, as a table of cases."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from dispatch.engine.facts import Source
from dispatch.roster import Change, Shift, clash, hours_of, presence_at, unless_away

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = 3600
DAYS = [Shift(weekday, 8 * HOUR, 16 * HOUR) for weekday in range(5)]
NIGHT = [Shift(4, 22 * HOUR, 6 * HOUR)]  # Friday to Saturday


def at(day, hour, minute=0):
    return datetime(2026, 3, day, hour, minute, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("shifts", "changes", "now", "until", "back_at"),
    [
        (DAYS, [], at(2, 9), at(2, 16), None),
        (DAYS, [], at(2, 8), at(2, 16), None),
        (DAYS, [], at(2, 16), None, at(3, 8)),
        (DAYS, [], at(6, 17), None, at(9, 8)),
        (NIGHT, [], at(6, 23), at(7, 6), None),
        (NIGHT, [], at(7, 5, 59), at(7, 6), None),
        (NIGHT, [], at(7, 6), None, at(13, 22)),
        # the night in which the clock is put forward has an hour less
        ([Shift(5, 22 * HOUR, 6 * HOUR)], [], at(28, 23), at(29, 6), None),
        (DAYS, [Change(date(2026, 3, 2), date(2026, 3, 6))], at(2, 9), None, at(9, 8)),
        (
            DAYS,
            [Change(date(2026, 3, 2), date(2026, 3, 2), ((0, 12 * HOUR),))],
            at(2, 9),
            at(2, 12),
            None,
        ),
        (
            [],
            [Change(date(2026, 3, 7), date(2026, 3, 7), ((HOUR, 2 * HOUR),))],
            at(2, 9),
            None,
            at(7, 1),
        ),
        ([], [], at(2, 9), None, None),
        # leave takes the night that begins in it, and not the one that ends in it
        (NIGHT, [Change(date(2026, 3, 6), date(2026, 3, 6))], at(7, 5), None, at(13, 22)),
        (NIGHT, [Change(date(2026, 3, 7), date(2026, 3, 8))], at(7, 5), at(7, 6), None),
        (
            NIGHT,
            [Change(date(2026, 3, 6), date(2026, 3, 6), ((20 * HOUR, 22 * HOUR),))],
            at(6, 23),
            None,
            at(13, 22),
        ),
        ([Shift(0, 8 * HOUR, 0)], [], at(2, 9), at(3, 0), None),
    ],
)
def test_somebody_is_at_work_by_their_roster(shifts, changes, now, until, back_at):
    found = presence_at(hours_of(BERLIN, shifts, changes), now)
    assert (found.until, found.back_at) == (until, back_at)


def test_the_last_change_of_a_day_counts():
    day = date(2026, 3, 2)
    changes = [Change(day, day), Change(day, day, ((9 * HOUR, 10 * HOUR),))]
    hours = hours_of(BERLIN, DAYS, changes)
    assert presence_at(hours, at(2, 9)).until == at(2, 10)


@pytest.mark.parametrize(
    ("away_until", "until", "back_at"),
    [
        (None, at(2, 16), None),
        (at(2, 9), at(2, 16), None),
        (at(2, 12), None, at(2, 12)),
        (at(2, 18), None, at(3, 8)),
        (at(6, 16), None, at(9, 8)),
    ],
)
def test_who_has_stated_to_be_away_is_not_there_until_then(away_until, until, back_at):
    found = unless_away(hours_of(BERLIN, DAYS, []), at(2, 9), away_until)

    assert (found.until, found.back_at) == (until, back_at)
    assert found.source == (Source.ROSTER if until else Source.THEMSELVES)


def test_instants_are_of_any_zone():
    hours = hours_of(BERLIN, DAYS, [])
    assert presence_at(hours, datetime(2026, 3, 2, 7, tzinfo=UTC)).until == at(2, 16)


@pytest.mark.parametrize(
    ("shifts", "found"),
    [
        ([], None),
        (DAYS, None),
        ([Shift(0, 8 * HOUR, 12 * HOUR), Shift(0, 12 * HOUR, 16 * HOUR)], None),
        ([Shift(0, 8 * HOUR, 12 * HOUR), Shift(0, 11 * HOUR, 16 * HOUR)], (0, 1)),
        ([Shift(0, 8 * HOUR, 18 * HOUR), Shift(0, 11 * HOUR, 12 * HOUR)], (0, 1)),
        ([Shift(0, 5 * HOUR, 12 * HOUR), Shift(6, 22 * HOUR, 6 * HOUR)], (0, 1)),
        ([Shift(0, 6 * HOUR, 12 * HOUR), Shift(6, 22 * HOUR, 6 * HOUR)], None),
        ([Shift(1, 8 * HOUR, 8 * HOUR), Shift(2, 7 * HOUR, 9 * HOUR)], (0, 1)),
    ],
)
def test_shifts_that_overlap_are_found(shifts, found):
    assert clash(shifts) == found
