"""Number the events of a tenant: one gap-free sequence, assigned after the commit.

A reader that went by primary keys would skip an event whose transaction commits late. A number
given only to what is already committed cannot be overtaken, and a long transaction (an import)
holds nobody up, as the snapshot's horizon would (docs/decisions/0003).
"""

from django.db import connection, transaction

LOCK = "SELECT pg_advisory_xact_lock(hashtext('nova.events'), %s)"
LAST = "SELECT coalesce(max(sequence), 0) FROM events_eventrecord WHERE tenant_id = %s"
NUMBER = """
    WITH latest AS (
        SELECT coalesce(max(sequence), 0) AS sequence FROM events_eventrecord WHERE tenant_id = %s
    ), fresh AS MATERIALIZED ( -- else, in a table never analysed, it is made anew for each row
        SELECT id, row_number() OVER (ORDER BY id) AS place
        FROM events_eventrecord WHERE tenant_id = %s AND sequence IS NULL ORDER BY id LIMIT %s
    )
    UPDATE events_eventrecord AS record SET sequence = latest.sequence + fresh.place
    FROM fresh, latest WHERE record.id = fresh.id AND record.tenant_id = %s
"""


@transaction.atomic(savepoint=False)
def advance(tenant_id: int, *, limit: int = 5000) -> int:
    """Number what has been committed, in the order of writing; return how many were numbered.

    The lock is taken before the statement that looks, so two callers never give one number.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [tenant_id])
        cursor.execute(NUMBER, [tenant_id, tenant_id, limit, tenant_id])
        return cursor.rowcount


def hold(tenant_id: int) -> int:
    """Return the last number given, and give none to others until the transaction ends.

    For who numbers what it writes; the lock is held to the commit, so take it last.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [tenant_id])
        cursor.execute(LAST, [tenant_id])
        return int(cursor.fetchone()[0])
