from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from nova.web.times import clock_face, duration_words, full_time, person_time
from nova.web.words import Reader, words_of

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2024, 11, 4, 8, 0, tzinfo=UTC)  # a Monday, 09:00 in Paris
WORDS = words_of("en")
READER = Reader(NOW, PARIS, WORDS)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "0 s"),
        (0, "0 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (7800, "2 h 10"),
        (3660, "1 h 01"),
        (86_399, "23 h 59"),
        (86_400, "1 d"),
        (86_400 * 3 + 3600 * 4, "3 d 4 h"),
        (86_400 * 7 + 3600 * 4, "7 d"),
    ],
)
def test_a_span_is_said_in_its_two_largest_units(seconds, words):
    assert duration_words(seconds, WORDS) == words


@pytest.mark.parametrize(
    ("seconds", "face"),
    [(-1, "00:00"), (0, "00:00"), (252, "04:12"), (3599.9, "59:59"), (3852, "1:04:12")],
)
def test_a_countdown_shows_minutes_and_seconds(seconds, face):
    assert clock_face(seconds) == face


@pytest.mark.parametrize(
    ("distance", "words"),
    [
        (timedelta(seconds=59), "now"),
        (timedelta(seconds=-59), "now"),
        (timedelta(minutes=12), "in 12 min"),
        (timedelta(minutes=-3), "3 min ago"),
        (timedelta(hours=5, minutes=10), "14:10"),
        (timedelta(hours=-8), "01:00"),
        (timedelta(days=1), "Tue 09:00"),
        (timedelta(days=-6), "Tue 09:00"),
        (timedelta(days=8), "12 Nov 09:00"),
        (timedelta(days=100), "12 Feb 2025"),
    ],
)
def test_an_instant_is_said_as_a_person_would(distance, words):
    assert person_time(NOW + distance, READER) == words


def test_the_day_of_an_instant_is_that_of_the_person_and_not_of_utc():
    late = datetime(2024, 11, 4, 23, 30, tzinfo=UTC)  # 00:30 on Tuesday in Paris

    assert person_time(late, READER) == "Tue 00:30"


def test_the_whole_truth_of_an_instant_is_local_and_utc():
    assert full_time(NOW, READER) == "Monday 4 November 2024, 09:00:00 CET · 08:00:00 UTC"
