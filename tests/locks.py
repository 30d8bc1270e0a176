"""Whether somebody waits for somebody else in the database of the tests."""

from django.db import connection

WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_stat_clear_snapshot()"
        )  # or a transaction sees what it saw first
        cursor.execute(WAITING)
        return cursor.fetchone()[0] > 0
