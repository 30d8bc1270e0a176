"""Whoever else is in the database of the tests: threads with a connection of their own."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from django.db import connection

Answer = TypeVar("Answer")
WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def closing(act: Callable[..., Answer], *arguments: object) -> Answer:
    """Do something in a thread, and leave no connection behind, whatever becomes of it.

    One that is left is complained of when it is collected: in the set-up of any later test.
    """
    try:
        return act(*arguments)
    finally:
        connection.close()


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_stat_clear_snapshot()"
        )  # or a transaction sees what it saw first
        cursor.execute(WAITING)
        return cursor.fetchone()[0] > 0


def wait_for_a_lock(of: Future) -> None:
    """Return once somebody waits for a lock, or once the thread is over that should."""
    while not somebody_waits() and not of.done():
        pass
