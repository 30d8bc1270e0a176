"""What a person has seen of a ticket."""

from datetime import datetime
from typing import Any

from django.db import connection

from nova.accounts.models import User
from tickets.models import Ticket

# One statement, since every look at a ticket runs it; `before` is as it was when that began.
NOTE = """
    WITH before AS (
        SELECT at FROM tickets_seen WHERE person_id = %(person)s AND ticket_id = %(ticket)s)
    INSERT INTO tickets_seen (tenant_id, ticket_id, person_id, version, at)
    VALUES (%(tenant)s, %(ticket)s, %(person)s, %(version)s, %(now)s)
    ON CONFLICT (person_id, ticket_id)
    DO UPDATE SET version = excluded.version, at = excluded.at
    RETURNING (SELECT at FROM before)
"""


def note_seen(ticket: Ticket, person: User, *, now: datetime) -> datetime | None:
    """Note that a person looks at a ticket now; return when they looked before, if ever.

    It changes nothing of the ticket, so no event tells of it.
    """
    values: dict[str, Any] = {
        "tenant": ticket.tenant_id,
        "ticket": ticket.pk,
        "person": person.pk,
        "version": ticket.version,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(NOTE, values)
        [looked_at] = cursor.fetchone()
    return looked_at
