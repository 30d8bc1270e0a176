"""How much work a ticket is, as a table of cases."""

import pytest

from dispatch.points import points_of
from tickets.choices import Priority, Status


@pytest.mark.parametrize(
    ("priority", "status", "points"),
    [
        (1, Status.IN_PROGRESS, 200),
        (2, Status.NEW, 150),
        (3, Status.NEW, 100),
        (3, Status.ACKNOWLEDGED, 100),
        (3, Status.DIAGNOSING, 100),
        (3, Status.IN_PROGRESS, 100),
        (3, Status.REOPENED, 100),
        (4, Status.DIAGNOSING, 75),
        (5, Status.IN_PROGRESS, 50),
        (3, Status.AWAITING_CUSTOMER, 25),
        (1, Status.AWAITING_DEPENDENCY, 50),
        (1, Status.RESOLVED, 0),
        (1, Status.CLOSED, 0),
    ],
)
def test_a_ticket_is_so_much_work(priority, status, points):
    assert points_of(priority, status) == points


def test_the_more_pressing_is_never_less_work():
    for status in Status:
        points = [points_of(priority, status) for priority in Priority]
        assert points == sorted(points, reverse=True)
