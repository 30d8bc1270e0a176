from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from nova.web.stages import BESIDE, PATH, place_of, small_track, way_of
from tickets.choices import Status


@dataclass
class Stay:
    status: str
    seconds: float = 60
    is_current: bool = False
    entered_at: datetime = datetime(2024, 11, 4, 9, 0, tzinfo=UTC)

    @property
    def label(self):
        return str(Status(self.status).label)


def states(steps):
    return [step.state for step in steps]


def test_every_status_of_a_ticket_has_its_place_on_the_track():
    assert {name for name, _label in PATH} | set(BESIDE) == set(Status.values)


def test_the_track_uses_the_words_of_the_statuses():
    assert [str(label) for _name, label in PATH] == [
        str(Status(name).label) for name, _label in PATH
    ]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("new", "current todo todo todo todo"),
        ("reopened", "current todo todo todo todo"),
        ("diagnosing", "done done current todo todo"),
        ("awaiting_customer", "done done done waiting todo"),
        ("awaiting_dependency", "done done done waiting todo"),
        ("resolved", "done done done done current"),
        ("closed", "done done done done current"),
    ],
)
def test_a_row_shows_where_the_ticket_stands(status, expected):
    steps = small_track(status, Status(status).label)

    assert states(steps) == expected.split()
    assert steps[place_of(status)].label == Status(status).label


def test_the_way_sums_the_stays_and_marks_what_was_skipped():
    steps = way_of(
        [
            Stay("new", 60),
            Stay("diagnosing", 600),
            Stay("awaiting_customer", 30),
            Stay("diagnosing", 300),
            Stay("in_progress", 45, is_current=True),
        ]
    )

    assert states(steps) == ["done", "skipped", "done", "current", "todo"]
    assert [step.seconds for step in steps] == [60, None, 900, 45, None]


def test_a_ticket_that_waits_says_so_at_its_place():
    steps = way_of([Stay("new"), Stay("awaiting_dependency", 90, is_current=True)])

    assert (steps[3].label, steps[3].state, steps[3].seconds) == (
        "Awaiting dependency",
        "waiting",
        90,
    )
