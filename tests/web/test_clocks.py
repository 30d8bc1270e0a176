from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from nova.web.clocks import countdown_of
from nova.web.words import Reader, words_of

NOW = datetime(2024, 11, 4, 9, 0, tzinfo=UTC)
READER = Reader(NOW, UTC, words_of("en"))


@dataclass
class Clock:
    metric: str = "resolution"
    state: str = "running"
    due_at: datetime | None = NOW + timedelta(minutes=30)
    remaining_seconds: float = 1800
    target_seconds: float = 3600
    risk: bool = False


def due_in(**span):
    return NOW + timedelta(**span)


@pytest.mark.parametrize(
    ("clock", "state", "text"),
    [
        (Clock(metric="response", due_at=due_in(seconds=252)), "running", "respond in 04:12"),
        (Clock(due_at=due_in(seconds=3599)), "running", "resolve in 59:59"),
        (Clock(due_at=due_in(seconds=3600)), "running", "resolve by 10:00"),
        (Clock(due_at=due_in(days=1)), "running", "resolve by Tue 09:00"),
        (Clock(metric="next_response", risk=True), "risk", "answer in 30:00"),
        (Clock(metric="ola_handover"), "running", "due in 30:00"),
        (Clock(state="breached", due_at=due_in(minutes=-3)), "breached", "breached 3 min ago"),
        (
            Clock(state="paused", due_at=None, remaining_seconds=7800),
            "paused",
            "paused, 2 h 10 left",
        ),
        (Clock(state="met"), "met", "met"),
    ],
)
def test_a_clock_says_what_is_to_be_done_and_by_when(clock, state, text):
    words = countdown_of(clock, READER)

    assert (words.state, words.text) == (state, text)


def test_a_clock_past_its_due_time_is_breached_before_the_sweep_has_seen_it():
    words = countdown_of(Clock(due_at=due_in(minutes=-3), remaining_seconds=60), READER)

    assert (words.state, words.text) == ("breached", "breached 3 min ago")


@pytest.mark.parametrize(
    ("seconds", "target", "percent"),
    [(1800, 3600, 50), (7200, 3600, 100), (-60, 3600, 0), (60, 0, 0)],
    ids=["half", "extended", "past", "no target"],
)
def test_the_ring_shows_what_is_left_of_the_target(seconds, target, percent):
    clock = Clock(due_at=due_in(seconds=seconds), target_seconds=target)

    assert countdown_of(clock, READER).percent == percent
