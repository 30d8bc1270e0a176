"""Count, by SQL and as the owner, what a drill left: nothing may be missing or doubled."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg

from nova.trials.load import Accepted


@dataclass(frozen=True)
class Count:
    """One thing that was counted. `expected` None: whatever there is."""

    what: str
    found: int
    missing: int = 0
    doubled: int = 0

    @property
    def is_right(self) -> bool:
        return not (self.missing or self.doubled)


TICKETS = "SELECT title FROM tickets_ticket WHERE tenant_id = %(tenant)s AND title LIKE 'drill %%'"
COMMENTS = "SELECT body FROM tickets_comment WHERE tenant_id = %(tenant)s"
# Each counts what there is, what is missing and what is there more than once.
CHECKS = {
    "clocks of tickets": """
        SELECT sum(n), count(*) FILTER (WHERE n < 2), count(*) FILTER (WHERE n > 2) FROM (
            SELECT count(c.id) AS n FROM tickets_ticket t LEFT JOIN sla_clock c
            ON c.ticket_id = t.id WHERE t.tenant_id = %(tenant)s GROUP BY t.id) AS x""",
    "starts in the ledger": """
        SELECT sum(n), count(*) FILTER (WHERE n = 0), count(*) FILTER (WHERE n > 1) FROM (
            SELECT count(l.id) AS n FROM sla_clock c LEFT JOIN sla_ledgerentry l
            ON l.ticket_id = c.ticket_id AND l.metric = c.metric AND l.kind = 'started'
            WHERE c.tenant_id = %(tenant)s GROUP BY c.id) AS x""",
    "pauses in the ledger": """
        SELECT coalesce(sum(n), 0), count(*) FILTER (WHERE n = 0 AND state = 'paused'),
            count(*) FILTER (WHERE n > 1) FROM (
            SELECT c.state, count(l.id) AS n FROM sla_clock c LEFT JOIN sla_ledgerentry l
            ON l.ticket_id = c.ticket_id AND l.metric = c.metric AND l.kind = 'paused'
            WHERE c.tenant_id = %(tenant)s GROUP BY c.id) AS x""",
    "breaches in the ledger": """
        SELECT coalesce(sum(n), 0), count(*) FILTER (WHERE n = 0), count(*) FILTER (WHERE n > 1)
        FROM (SELECT count(l.id) AS n FROM sla_clock c LEFT JOIN sla_ledgerentry l
            ON l.ticket_id = c.ticket_id AND l.metric = c.metric AND l.kind = 'breached'
            AND l.at = c.due_at WHERE c.tenant_id = %(tenant)s AND c.state = 'running'
            AND c.due_at < now() - interval '10 seconds' GROUP BY c.id) AS x""",
    "breaches announced": """
        SELECT coalesce(sum(n), 0), count(*) FILTER (WHERE n = 0), count(*) FILTER (WHERE n > 1)
        FROM (SELECT count(e.id) AS n FROM sla_ledgerentry l LEFT JOIN events_eventrecord e
            ON e.subject = 'ticket' AND e.subject_id = l.ticket_id
            AND e.name = 'sla.ClockBreached' AND e.payload ->> 'metric' = l.metric
            AND (e.payload ->> 'breached_at')::timestamptz = l.at
            WHERE l.tenant_id = %(tenant)s AND l.kind = 'breached' GROUP BY l.id) AS x""",
    "warnings announced": """
        SELECT coalesce(sum(n), 0), 0, count(*) FILTER (WHERE n > 1) FROM (
            SELECT count(*) AS n FROM events_eventrecord WHERE tenant_id = %(tenant)s
            AND name = 'sla.ClockWarned' GROUP BY subject_id, payload ->> 'metric',
            payload ->> 'cycle', payload ->> 'percent', payload ->> 'due_at') AS x""",
    "openings announced": """
        SELECT coalesce(sum(n), 0), count(*) FILTER (WHERE n = 0), count(*) FILTER (WHERE n > 1)
        FROM (SELECT count(e.id) AS n FROM tickets_ticket t LEFT JOIN events_eventrecord e
            ON e.subject = 'ticket' AND e.subject_id = t.id AND e.name = 'tickets.TicketOpened'
            WHERE t.tenant_id = %(tenant)s GROUP BY t.id) AS x""",
    "comments announced": """
        SELECT coalesce(sum(n), 0), count(*) FILTER (WHERE n = 0), count(*) FILTER (WHERE n > 1)
        FROM (SELECT count(e.id) AS n FROM tickets_comment c LEFT JOIN events_eventrecord e
            ON e.subject = 'ticket' AND e.subject_id = c.ticket_id
            AND e.name IN ('tickets.CommentAdded', 'tickets.NoteAdded')
            AND (e.payload ->> 'comment_id')::bigint = c.id
            WHERE c.tenant_id = %(tenant)s GROUP BY c.id) AS x""",
    "events in sequence": """
        SELECT count(*), coalesce(max(sequence), 0) - count(sequence)
            + count(*) FILTER (WHERE sequence IS NULL), count(sequence) - count(DISTINCT sequence)
        FROM events_eventrecord WHERE tenant_id = %(tenant)s""",
    "events read by consumers": """
        SELECT count(*), count(*) FILTER (WHERE sequence < (SELECT max(sequence)
            FROM events_eventrecord WHERE tenant_id = %(tenant)s)), 0
        FROM events_consumercursor WHERE tenant_id = %(tenant)s
        AND consumer = ANY(%(readers)s)""",
    "events parked": """
        SELECT count(*), count(*), 0 FROM events_parkedevent WHERE tenant_id = %(tenant)s""",
    "notices of an event": """
        SELECT coalesce(sum(n), 0), 0, count(*) FILTER (WHERE n > 1) FROM (
            SELECT count(*) AS n FROM notifications_delivery WHERE tenant_id = %(tenant)s
            GROUP BY record_id, recipient_id, address, hook_id, channel, template) AS x""",
    "alerts of VIP tickets": """
        SELECT coalesce(sum(n), 0), count(*) FILTER (WHERE n < most), 0 FROM (
            SELECT count(d.id) AS n, max(count(d.id)) OVER () AS most
            FROM tickets_ticket t JOIN events_eventrecord e ON e.subject = 'ticket'
            AND e.subject_id = t.id AND e.name = 'tickets.TicketOpened'
            LEFT JOIN notifications_delivery d ON d.record_id = e.id AND d.channel = 'in_app'
            WHERE t.tenant_id = %(tenant)s AND t.vip_level <> '' GROUP BY t.id) AS x""",
}


def counts(
    database: psycopg.Connection[Any], accepted: Accepted, tenant_id: int, readers: list[str]
) -> Iterator[Count]:
    """Yield each thing that was accepted or follows from it, as the database has it."""
    values = {"tenant": tenant_id, "readers": readers}
    yield _marked(database, "tickets", TICKETS, accepted.tickets, values)
    yield _marked(database, "comments", COMMENTS, accepted.comments, values)
    for what, statement in CHECKS.items():
        row = database.execute(statement, values).fetchone() or (0, 0, 0)
        yield Count(what, *(int(number or 0) for number in row))


def _marked(
    database: psycopg.Connection[Any],
    what: str,
    statement: str,
    accepted: dict[str, str],
    values: dict[str, Any],
) -> Count:
    marks = [mark for (mark,) in database.execute(statement, values).fetchall()]
    missing = accepted.keys() - set(marks)
    return Count(what, len(marks), len(missing), len(marks) - len(set(marks)))
