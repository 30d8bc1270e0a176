"""What a ticket's page reads beside the ticket: words, facts and work, each with a name to show.

Every look at a ticket asks for them, and to compose such a statement costs five times as much as
to run it, so they stand here as they are. They are for the desk, and for one ticket that its
reader may see; the fence is around them as everywhere.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from django.db import connection

from nova.accounts.models import User
from nova.events import lens as facts
from tickets.lens import Lens
from tickets.models import Ticket

# The report comes first: it is words like all others, said when the ticket was opened.
SAID = """
    SELECT said.id, body, is_internal, written_at, author_id,
        coalesce(nullif(author.name, ''), author.email),
        coalesce(nullif(other.name, ''), other.email)
    FROM (
        SELECT 0 AS id, coalesce(nullif(description, ''), title) AS body, false AS is_internal,
            opened_at AS written_at, submitted_by_id AS author_id,
            nullif(requester_id, submitted_by_id) AS other_id
        FROM tickets_ticket WHERE id = %(ticket)s
        UNION ALL (
            SELECT id, body, is_internal, written_at, author_id, on_behalf_of_id
            FROM tickets_comment WHERE ticket_id = %(ticket)s AND (%(notes)s OR NOT is_internal)
            ORDER BY written_at DESC, id DESC LIMIT %(most)s
        )
    ) AS said
    JOIN accounts_user AS author ON author.id = author_id
    LEFT JOIN accounts_user AS other ON other.id = other_id
    ORDER BY said.id > 0, written_at, said.id
"""
HAPPENED = """
    SELECT fact.id, fact.name, payload, occurred_at, actor_id,
        coalesce(nullif(actor.name, ''), actor.email),
        coalesce(nullif(other.name, ''), other.email)
    FROM events_eventrecord AS fact JOIN accounts_user AS actor ON actor.id = actor_id
    LEFT JOIN accounts_user AS other ON other.id = on_behalf_of_id
    WHERE subject = 'ticket' AND subject_id = %(ticket)s AND fact.id > %(after)s
        AND fact.name <> ALL(%(hidden)s)
    ORDER BY fact.id DESC LIMIT %(most)s
"""
WORKED = """
    SELECT coalesce(nullif(person.name, ''), person.email), minutes, note, is_billable,
        sum(minutes) OVER ()
    FROM tickets_timeentry AS entry JOIN accounts_user AS person ON person.id = person_id
    WHERE ticket_id = %(ticket)s ORDER BY entry.id DESC LIMIT %(most)s
"""
NAMES = "SELECT id, coalesce(nullif(name, ''), email) FROM accounts_user WHERE id = ANY(%(ids)s)"


class Said(NamedTuple):
    """Somebody's words. `pk` 0 is the report; `on_behalf_of` None: their own."""

    pk: int
    body: str
    is_internal: bool
    written_at: datetime
    author_id: int
    author: str
    on_behalf_of: str | None


class Happened(NamedTuple):
    """One event, with what its reader may know of it. `on_behalf_of` None: in their own name."""

    pk: int
    name: str
    payload: dict[str, Any]
    at: datetime
    actor_id: int
    actor: str
    on_behalf_of: str | None


class Worked(NamedTuple):
    """One entry of working time. `total` is that of all entries of its ticket."""

    person: str
    minutes: int
    note: str
    is_billable: bool
    total: int


def said_on(ticket: Ticket, lens: Lens, *, most: int | None = None) -> list[Said]:
    """Return the report and, of what was said since, the newest `most`; oldest first."""
    rows = _rows(SAID, ticket=ticket.pk, most=most, notes=lens.notes)
    return [Said(*row) for row in rows]


def happened_to(
    ticket: Ticket, user: User, *, after: int = 0, most: int | None = None
) -> list[Happened]:
    """Return the newest `most` events after one that `user` may learn of, newest first."""
    hidden = facts.hidden_names(user.has_perm)
    rows = _rows(HAPPENED, ticket=ticket.pk, after=after, hidden=hidden, most=most)
    return [
        Happened(pk, name, _payload(name, payload, user), *rest)
        for pk, name, payload, *rest in rows
    ]


def worked_on(ticket: Ticket, *, most: int) -> list[Worked]:
    """Return the newest entries of working time, newest first."""
    return [Worked(*row) for row in _rows(WORKED, ticket=ticket.pk, most=most)]


def names_of(ids: Iterable[int]) -> dict[int, str]:
    """Return the names of people, by id."""
    wanted = list(ids)
    return dict(_rows(NAMES, ids=wanted)) if wanted else {}


def _rows(statement: str, **values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def _payload(name: str, payload: str, user: User) -> dict[str, Any]:
    fact = {"name": name, "payload": orjson.loads(payload)}
    read: dict[str, Any] = facts.shown(fact, user.has_perm)["payload"]
    return read
