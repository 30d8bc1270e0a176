"""Cases out of ServiceNow's incident event log. Of its later rows only the outcome is read."""

from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise

from dispatch.routing.cases import Case
from tickets.importing.rows import Problem, Row
from tickets.importing.servicenow import instant

INTAKE = {
    "requester": "caller_id",
    "submitted_by": "opened_by",
    "location": "location",
    "category": "category",
    "subcategory": "subcategory",
    "symptom": "u_symptom",
    "item": "cmdb_ci",
    "priority": "priority",
    "impact": "impact",
    "urgency": "urgency",
    "source": "contact_type",
}


def cases_of(items: Iterable[Row | Problem]) -> list[Case]:
    """Return the incidents of a log in the order of their opening, also those without a team."""
    rows: dict[str, list[Row]] = {}
    for item in items:
        if isinstance(item, Row) and item.get("number") and instant(item.get("opened_at")):
            rows.setdefault(item.get("number"), []).append(item)
    cases = [_case(number, found) for number, found in rows.items()]
    return sorted(cases, key=lambda case: (case.opened_at, case.key))


def _case(number: str, rows: list[Row]) -> Case:
    teams = [team for row in rows if (team := row.get("assignment_group"))]
    last = rows[-1]
    return Case(
        key=number,
        opened_at=_epoch(instant(rows[0].get("opened_at"))) or 0,
        facts={name: rows[0].get(column) for name, column in INTAKE.items()},
        first=teams[0] if teams else "",
        settled_by=teams[-1] if teams else "",
        known_at=_epoch(instant(last.get("resolved_at")) or instant(last.get("closed_at"))),
        moves=sum(before != after for before, after in pairwise(teams)),
    )


def _epoch(at: datetime | None) -> int | None:
    return None if at is None else int(at.timestamp())
