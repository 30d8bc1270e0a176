"""What a ticket brings, in points and in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stardust.rules import Resolved, Rules, bonus, earned, percent_of
from tickets.choices import Kind, Priority

RULES = Rules()


@pytest.mark.parametrize(
    ("percent", "points"),
    [(100, 10), (75, 10), (74, 8), (50, 8), (49, 5), (25, 5), (24, 2), (0, 2), (-1, 0), (None, 0)],
)
def test_more_time_left_brings_more(percent, points):
    assert earned(Resolved(percent_left=percent), RULES, earned_today=0).points == points


@pytest.mark.parametrize(
    ("resolved", "words", "points"),
    [
        (
            Resolved(percent_left=62, priority=Priority.P1),
            "8 for 62 % of the time left, +3 for a P1",
            11,
        ),
        (
            Resolved(percent_left=80, priority=Priority.P2, kind=Kind.PROBLEM),
            "10 for 80 % of the time left, +2 for a P2, +2 for a problem",
            14,
        ),
        (Resolved(percent_left=-3, priority=Priority.P1), "Nothing: its time was up.", 0),
        (Resolved(percent_left=None), "Nothing: no clock measured it.", 0),
        (
            Resolved(percent_left=90, is_own=True),
            "Nothing: who resolved it had asked for it.",
            0,
        ),
    ],
    ids=["hard", "harder", "late", "unmeasured", "own"],
)
def test_an_entry_says_its_sum_in_words(resolved, words, points):
    earning = earned(resolved, RULES, earned_today=0)
    assert (earning.words, earning.points) == (words, points)


@pytest.mark.parametrize(
    ("today", "points", "words"),
    [
        (50, 10, "10 for 80 % of the time left"),
        (53, 7, "10 for 80 % of the time left, 3 less for the limit of 60 a day"),
        (60, 0, "10 for 80 % of the time left, 10 less for the limit of 60 a day"),
        (90, 0, "10 for 80 % of the time left, 10 less for the limit of 60 a day"),
    ],
)
def test_a_day_brings_no_more_than_its_limit(today, points, words):
    earning = earned(Resolved(percent_left=80), RULES, earned_today=today)
    assert (earning.points, earning.words) == (points, words)


def test_without_a_limit_a_day_brings_all():
    earning = earned(Resolved(percent_left=80), Rules(daily_limit=0), earned_today=10_000)
    assert earning.points == 10


@pytest.mark.parametrize(
    ("level", "percent", "points"),
    [("exec", 80, 6), ("gold", 50, 4), ("priority", 62, 2), ("exec", 49, None)],
)
def test_a_vip_brings_a_bonus_well_within_the_clock(level, percent, points):
    earning = bonus(Resolved(percent_left=percent, vip_level=level), RULES, earned_today=0)
    assert (earning and earning.points) == points


@pytest.mark.parametrize(
    "resolved",
    [
        Resolved(percent_left=90),
        Resolved(percent_left=None, vip_level="exec"),
        Resolved(percent_left=90, vip_level="exec", is_own=True),
    ],
    ids=["no VIP", "unmeasured", "own"],
)
def test_what_is_no_vips_or_nobodys_work_brings_no_bonus(resolved):
    assert bonus(resolved, RULES, earned_today=0) is None


@given(
    st.integers(-50, 100) | st.none(),
    st.sampled_from(Priority),
    st.sampled_from(["", "exec", "gold", "priority"]),
    st.integers(0, 100),
)
def test_what_is_earned_is_whole_within_the_limit_and_blind_to_vips(percent, priority, level, day):
    resolved = Resolved(percent_left=percent, priority=priority, vip_level=level)
    plain = Resolved(percent_left=percent, priority=priority)
    earning = earned(resolved, RULES, earned_today=day)
    assert earning == earned(plain, RULES, earned_today=day)
    assert 0 <= earning.points <= max(0, RULES.daily_limit - day)


@pytest.mark.parametrize(
    ("remaining", "target", "percent"),
    [(38, 60, 63), (0, 60, 0), (-1, 60, -2), (60, 60, 100), (-1, 10**6, -1), (0, 0, -1)],
)
def test_a_share_is_rounded_down_so_that_late_stays_late(remaining, target, percent):
    assert percent_of(remaining, target) == percent
