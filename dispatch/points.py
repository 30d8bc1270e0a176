"""How much work a ticket is to whoever has it, in points. Pure.

An ordinary ticket that is worked on is 100. What waits for others costs a quarter of attention.
"""

from tickets.choices import Priority, Status
from tickets.rules import AWAITING

BY_PRIORITY = {
    Priority.P1: 200,
    Priority.P2: 150,
    Priority.P3: 100,
    Priority.P4: 75,
    Priority.P5: 50,
}
DONE = frozenset({Status.RESOLVED, Status.CLOSED})


def points_of(priority: int, status: str = Status.NEW) -> int:
    """Return the points of a ticket in a stage; none of what is resolved or closed."""
    if status in DONE:
        return 0
    points = BY_PRIORITY[Priority(priority)]
    return points // 4 if status in AWAITING else points
