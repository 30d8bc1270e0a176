"""Cases out of ServiceNow's incident event log. Of its later rows only the outcome is read."""

from collections.abc import Iterable
from itertools import pairwise

from dispatch.routing.cases import Case
from tickets.importing.rows import Problem, Row
from tickets.importing.servicenow import INTAKE, epoch, incidents


def cases_of(items: Iterable[Row | Problem]) -> list[Case]:
    """Return the incidents of a log in the order of their opening, also those without a team."""
    cases = [_case(number, found) for number, found in incidents(items).items()]
    return sorted(cases, key=lambda case: (case.opened_at, case.key))


def _case(number: str, rows: list[Row]) -> Case:
    teams = [team for row in rows if (team := row.get("assignment_group"))]
    last = rows[-1]
    return Case(
        key=number,
        opened_at=epoch(rows[0].get("opened_at")) or 0,
        facts={name: rows[0].get(column) for name, column in INTAKE.items()},
        first=teams[0] if teams else "",
        settled_by=teams[-1] if teams else "",
        known_at=epoch(last.get("resolved_at")) or epoch(last.get("closed_at")),
        moves=sum(before != after for before, after in pairwise(teams)),
    )
