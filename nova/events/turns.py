"""How long a task may have a worker while others wait for it. No task is interrupted, so long work
looks at the time itself, stops, and lets itself be called again."""

from collections.abc import Callable
from time import monotonic

TURN_SECONDS = 1.0
IsOver = Callable[[], bool]


def turn() -> IsOver:
    """Begin a turn; return what says whether it is over."""
    ends = monotonic() + TURN_SECONDS
    return lambda: monotonic() >= ends


def never() -> bool:
    """Say that there is no hurry."""
    return False
