"""The same work as bare SQL on the same database: what no product could be faster than.

It runs as the owner, whom row security does not bind, in a tenant that nobody else looks at.
"""

from collections.abc import Callable
from typing import Any

import psycopg

Statement = tuple[str, dict[str, Any]]
COLUMNS = """
    SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position)
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s
    AND column_name <> ALL(%s) AND is_generated = 'NEVER'
"""
NEWEST = "currval(pg_get_serial_sequence('tickets_ticket', 'id'))"
QUEUE = """
    SELECT * FROM tickets_ticket WHERE tenant_id = %(tenant)s AND deleted_at IS NULL
    AND status NOT IN ('resolved', 'closed')
    ORDER BY vip_priority_score DESC, queue_at, id LIMIT 50
"""
SEARCH = """
    SELECT id, title FROM tickets_ticket WHERE tenant_id = %(tenant)s
    AND to_tsvector('simple', title || ' ' || description)
        @@ websearch_to_tsquery('simple', %(word)s)
    ORDER BY opened_at DESC, id DESC LIMIT 50
"""
TICKET = [
    "SELECT * FROM tickets_ticket WHERE tenant_id = %(tenant)s AND number = %(number)s",
    "SELECT * FROM tickets_stagevisit WHERE ticket_id = %(id)s ORDER BY entered_at",
    "SELECT * FROM sla_clock WHERE ticket_id = %(id)s ORDER BY number",
]
BULK = [
    "UPDATE tickets_ticket SET location = location || ' ', version = version + 1 "
    "WHERE tenant_id = %(tenant)s AND number = ANY(%(numbers)s)",
    "INSERT INTO events_eventrecord (tenant_id, name, subject, subject_id, actor_id, payload, "
    "occurred_at, request_id, is_history, previous_hash, hash) SELECT tenant_id, "
    "'tickets.TicketEdited', '', NULL, somebody.id, '{\"changes\": {}}', now(), '', false, '', ''"
    " FROM (SELECT tenant_id, id FROM accounts_user WHERE tenant_id = %(spare)s LIMIT 1) "
    "AS somebody CROSS JOIN unnest(%(numbers)s)",
]
DUE = [
    "SELECT id FROM sla_clock WHERE tenant_id = %(tenant)s AND next_action_at IS NOT NULL "
    "ORDER BY next_action_at LIMIT 1000",
    "UPDATE sla_clock SET next_action_at = next_action_at + interval '1 second' WHERE id IN ("
    "SELECT id FROM sla_clock WHERE tenant_id = %(tenant)s AND next_action_at IS NOT NULL "
    "ORDER BY next_action_at LIMIT 1000 FOR NO KEY UPDATE SKIP LOCKED)",
]


def asking(
    database: psycopg.Connection[Any], statements: list[str], values: dict[str, Any]
) -> Callable[[], None]:
    """Return what runs `statements` in one transaction and reads all that they find."""

    def ask() -> None:
        with database.transaction(), database.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement, values)
                if cursor.description:
                    cursor.fetchall()

    return ask


def opening(database: psycopg.Connection[Any], tenant_id: int) -> Callable[[], None]:
    """Return what opens a ticket by three inserts: the ticket, its event and a clock.

    They are like the first of the tenant.
    """
    copies = [
        _copy(database, "tickets_ticket", ("id", "tenant_id", "number"), "nextval('raw_number')"),
        _copy(database, "events_eventrecord", ("id", "tenant_id", "sequence"), "NULL"),
        _copy(database, "sla_clock", ("id", "tenant_id", "ticket_id"), NEWEST),
    ]
    database.execute("CREATE SEQUENCE IF NOT EXISTS raw_number START 1000000")
    return asking(database, copies, {"tenant": tenant_id})


def _copy(database: psycopg.Connection[Any], table: str, ours: tuple[str, ...], own: str) -> str:
    """Return an insert into `table` of a row like the tenant's first, but for its own value."""
    found = database.execute(COLUMNS, [table, list(ours)]).fetchone()
    columns = found[0] if found else ""
    like = f"SELECT * FROM {table} WHERE tenant_id = %(tenant)s ORDER BY id LIMIT 1"  # noqa: S608
    return (
        f"INSERT INTO {table} (tenant_id, {ours[-1]}, {columns}) "  # noqa: S608
        f"SELECT %(tenant)s, {own}, {columns} FROM ({like}) AS model"
    )
