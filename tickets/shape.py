"""The ticket as the API shows it, for a page of tickets at once.

Serialising rows in Python is what makes a list slow, so Postgres builds the JSON. It builds that
of related rows in statements of their own, a few for the whole page: planning and running a dozen
subqueries for each row costs three times as much (docs/benchmark.md).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import orjson
from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

from tickets.choices import Status
from tickets.lens import Lens

Shape = dict[str, Any]

# By field, the table that names what the column of that name points at.
NAMED = {
    "category": "tickets_category",
    "subcategory": "tickets_category",
    "department": "accounts_department",
    "service": "accounts_service",
    "region": "accounts_region",
    "site": "accounts_site",
    "team": "accounts_team",
}
PEOPLE = ("requester", "submitted_by", "assignee", "backup")
PORTAL_FIELDS = """(SELECT coalesce(json_object_agg(f.key, t.custom_fields -> f.key), '{}')
    FROM tickets_customfield f WHERE f.is_in_portal AND f.kind IN ('', t.kind)
    AND t.custom_fields ? f.key)"""

PUBLIC = {
    "reference": "'T-' || t.number",
    "title": "t.title",
    "description": "t.description",
    "type": "t.type",
    "kind": "t.kind",
    "status": "t.status",
    "priority": "t.priority",
    "impact": "t.impact",
    "urgency": "t.urgency",
    "category": "t.category_id",
    "subcategory": "t.subcategory_id",
    "source": "t.source",
    "module": "t.module",
    "requester": "t.requester_id",
    "submitted_by": "t.submitted_by_id",
    "on_behalf": "t.requester_id <> t.submitted_by_id",
    "department": "t.department_id",
    "service": "t.service_id",
    "region": "t.region_id",
    "site": "t.site_id",
    "location": "t.location",
    "custom_fields": PORTAL_FIELDS,
    "assignee": "t.assignee_id",
    "opened_at": "t.opened_at",
    "responded_at": "t.responded_at",
    "resolved_at": "t.resolved_at",
    "closed_at": "t.closed_at",
    "resolution": "t.resolution",
    "reopen_count": "t.reopen_count",
    "age_seconds": "floor(extract(epoch FROM %(now)s - t.opened_at))::bigint",
}
# Both grow with internal notes too, of which a requester must not learn.
DESK = {
    "updated_at": "t.updated_at",
    "version": "t.version",
    "custom_fields": "t.custom_fields",
    "awaiting_reason": "t.awaiting_reason",
    "resolution_code": "t.resolution_code",
    "backup": "t.backup_id",
    "team": "t.team_id",
}
VIP = {
    "vip": """json_build_object('is_vip', t.vip_level <> '', 'level', t.vip_level,
        'trigger_source', t.vip_trigger_source, 'priority_score', t.vip_priority_score,
        'reasons', t.vip_reasons)""",
    "queue": """json_build_object('score', t.vip_priority_score, 'queue_at', t.queue_at,
        'parts', t.score_parts)""",
}
STAGES = """SELECT 'stages', s.ticket_id, json_agg(json_build_object(
        'status', s.status, 'entered_at', s.entered_at,
        'seconds', floor(extract(epoch FROM coalesce(s.left_at, %(now)s) - s.entered_at))::bigint
    ) ORDER BY s.entered_at, s.id)::text
    FROM tickets_stagevisit s WHERE s.ticket_id = ANY(%(ids)s) GROUP BY s.ticket_id"""
TAGS = """SELECT 'tags', b.ticket_id, json_agg(g.name ORDER BY g.name)::text
    FROM tickets_tickettag b JOIN tickets_tag g ON g.id = b.tag_id
    WHERE b.ticket_id = ANY(%(ids)s) GROUP BY b.ticket_id"""
WATCHERS = """SELECT 'watchers', w.ticket_id, json_agg(json_build_object(
        'id', p.id, 'name', p.name, 'email', p.email) ORDER BY p.name, p.id)::text
    FROM tickets_watcher w JOIN accounts_user p ON p.id = w.person_id
    WHERE w.ticket_id = ANY(%(ids)s) GROUP BY w.ticket_id"""
RATINGS = """SELECT 'rating', r.ticket_id, json_build_object(
        'score', r.score, 'comment', r.comment, 'rated_at', r.rated_at)::text
    FROM tickets_rating r WHERE r.ticket_id = ANY(%(ids)s)"""
FIND_PEOPLE = "SELECT id, name, email FROM accounts_user WHERE id = ANY(%s)"


def _statement(fields: dict[str, str]) -> str:
    # At most fifty pairs: a function takes a hundred arguments.
    pairs = ", ".join(f"'{name}', {sql}" for name, sql in fields.items())
    names = ", ".join(
        f"'{name}', (SELECT n.name FROM {table} n WHERE n.id = {fields[name]})"  # noqa: S608
        for name, table in NAMED.items()
        if name in fields
    )
    return f"""SELECT t.id, json_build_object({pairs})::text, json_build_object({names})::text
        FROM tickets_ticket t WHERE t.id = ANY(%(ids)s)"""  # noqa: S608


TICKETS = {
    (False, False): _statement(PUBLIC),
    (True, False): _statement(PUBLIC | DESK),
    (True, True): _statement(PUBLIC | DESK | VIP),
}
PARTS = {
    False: STAGES,
    True: f"{STAGES} UNION ALL {TAGS} UNION ALL {WATCHERS} UNION ALL {RATINGS}",
}
LABELS = dict(Status.choices)


def shapes(ids: Sequence[int], lens: Lens, *, now: datetime) -> list[Shape]:
    """Return the tickets of `ids`, in that order, as the viewer of `lens` may see them.

    Apps listed in `settings.TICKET_SHAPE` add what they know, one query for the whole page.
    """
    if not ids:
        return []
    values = {"ids": list(ids), "now": now}
    found = {pk: _read(*row) for pk, *row in _rows(TICKETS[lens.desk, lens.vip], values)}
    page = {pk: found[pk] for pk in ids if pk in found}
    _add_people(page.values())
    _add_parts(page, lens, _rows(PARTS[lens.desk], values))
    for path in settings.TICKET_SHAPE:
        import_string(path)(page, lens, now)
    return list(page.values())


def _rows(statement: str, values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def _read(fields: str, names: str) -> Shape:
    """Return a ticket with its things by id and name; its people are ids as yet."""
    shape: Shape = orjson.loads(fields)
    shape["status_label"] = str(LABELS[shape["status"]])
    for field, name in orjson.loads(names).items():
        shape[field] = None if name is None else {"id": shape[field], "name": name}
    return shape


def _add_people(page: Iterable[Shape]) -> None:
    roles = [(shape, role) for shape in page for role in PEOPLE if shape.get(role) is not None]
    people = {
        pk: {"id": pk, "name": name, "email": email}
        for pk, name, email in _rows(FIND_PEOPLE, [list({s[role] for s, role in roles})])
    }
    for shape, role in roles:
        shape[role] = people.get(shape[role])


def _add_parts(page: dict[int, Shape], lens: Lens, rows: Iterable[tuple[Any, ...]]) -> None:
    nothing = ("stages", "tags", "watchers") if lens.desk else ("stages",)
    for shape in page.values():
        shape.update((part, []) for part in nothing)
        shape.update({"rating": None} if lens.desk else {})
    for part, ticket_id, text in rows:
        page[ticket_id][part] = orjson.loads(text)
