"""Fill a tenant with plausible tickets by set-based SQL, a few hundred thousand rows a minute.

Nothing here goes through the product: half an hour of services would make the same rows.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier

FILL = Path(__file__).with_name("fill.sql").read_text().split("-- next\n")
KNOWN = """
SELECT
    (SELECT array_agg(id ORDER BY id) FROM accounts_user
     WHERE tenant_id = %(tenant)s AND name LIKE 'Person%%') AS requesters,
    (SELECT array_agg(id ORDER BY id) FROM accounts_user
     WHERE tenant_id = %(tenant)s AND name LIKE 'technician%%') AS technicians,
    (SELECT array_agg(id) FROM accounts_team WHERE tenant_id = %(tenant)s) AS teams,
    (SELECT array_agg(id) FROM accounts_service WHERE tenant_id = %(tenant)s) AS services,
    (SELECT array_agg(id) FROM accounts_site WHERE tenant_id = %(tenant)s) AS sites,
    (SELECT array_agg(id) FROM tickets_category
     WHERE tenant_id = %(tenant)s AND parent_id IS NULL) AS categories,
    (SELECT current_id FROM sla_calendar
     WHERE tenant_id = %(tenant)s AND name = 'Around the clock') AS calendar,
    (SELECT id FROM sla_policy WHERE tenant_id = %(tenant)s AND name = 'Moderate') AS policy,
    (SELECT current_id FROM sla_policy
     WHERE tenant_id = %(tenant)s AND name = 'Moderate') AS version,
    (SELECT id FROM accounts_user WHERE tenant_id = %(tenant)s AND kind = 'system') AS nova,
    (SELECT coalesce(max(id), 0) FROM tickets_ticket) AS last_id,
    (SELECT count(*) FROM tickets_ticket WHERE tenant_id = %(tenant)s) AS present
"""
TABLES = [
    "tickets_ticket",
    "tickets_stagevisit",
    "sla_clock",
    "sla_ledgerentry",
    "events_eventrecord",
]
# A unique constraint stays: it grows at its end, which is quick.
INDEXES = """
SELECT indexname, indexdef FROM pg_indexes
WHERE tablename = ANY(%s) AND indexname::regclass NOT IN (
    SELECT conindid FROM pg_constraint  -- also those that foreign keys need
)
"""
REBUILD_FROM = 50_000


def fill(
    owner_url: str, tenant_id: int, readers: list[str], upto: int, *, open_share: float
) -> None:
    """Add tickets with their stages, clocks, ledger and events until there are `upto`."""
    with psycopg.connect(owner_url, autocommit=True, row_factory=dict_row) as database:
        known = database.execute(KNOWN, {"tenant": tenant_id}).fetchone() or {}
        missing = upto - known["present"]
        if missing <= 0:
            return
        values = {
            "tenant": tenant_id,
            **known,
            "missing": missing,
            "open_share": open_share,
            "readers": readers,
        }
        with _without_indexes(database, is_worth_it=missing >= REBUILD_FROM):
            _run(database, values)
        for table in TABLES:
            database.execute(SQL("VACUUM (ANALYZE) {}").format(Identifier(table)))
        database.execute("CHECKPOINT")


def _run(database: psycopg.Connection[Any], values: dict[str, Any]) -> None:
    # No foreign key is checked row by row: every id comes from the tables themselves.
    with database.transaction():
        database.execute("SET LOCAL session_replication_role = replica")
        database.execute("SELECT setseed(0.5)")
        for statement in FILL:
            database.execute(statement, values)


@contextmanager
def _without_indexes(database: psycopg.Connection[Any], *, is_worth_it: bool) -> Iterator[None]:
    found = database.execute(INDEXES, [TABLES]).fetchall() if is_worth_it else []
    for index in found:
        database.execute(SQL("DROP INDEX {}").format(Identifier(index["indexname"])))
    yield
    database.execute("SET maintenance_work_mem = '512MB'")
    for index in found:
        database.execute(index["indexdef"])
