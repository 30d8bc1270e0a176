"""Cases out of ServiceNow's incident event log. What was written at an incident's end stands in
each of its rows there, and is read for its outcome alone."""

from collections.abc import Iterable

from sla.prediction.cases import Case, Look, Moment, Scheme
from tickets.importing.rows import Problem, Row
from tickets.importing.servicenow import INTAKE, STATES, epoch, incidents, instant

LOG = Scheme(
    facts=tuple(INTAKE),
    pairs=(
        ("category", "subcategory"),
        ("subcategory", "symptom"),
        ("submitted_by", "category"),
        ("submitted_by", "subcategory"),
        ("location", "subcategory"),
        ("category", "priority"),
    ),
)
OVER = ("Resolved", "Closed", "Canceled")


def cases_of(items: Iterable[Row | Problem]) -> list[Case]:
    """Return the incidents of a log. Those that never ended have no outcome."""
    return [_case(number, found) for number, found in incidents(items).items()]


def _case(number: str, rows: list[Row]) -> Case:
    """Return one incident. It was late if its last row says so; earlier ones do not know yet.

    Known it is from the resolution on, as the published figures have it.
    """
    first, last = rows[0], rows[-1]
    opened = epoch(first.get("opened_at")) or 0
    resolved = epoch(last.get("resolved_at")) or epoch(last.get("closed_at"))
    is_over = last.get("incident_state") in OVER and last.get("made_sla") != ""
    moments = _moments(rows)
    return Case(
        key=number,
        opened_at=opened,
        facts={name: first.get(column) for name, column in INTAKE.items()},
        moments=moments,
        looks=tuple(Look(moment.at) for moment in moments),
        known_at=resolved if is_over else None,
        resolved_at=resolved if is_over else None,
        is_breached=last.get("made_sla").lower() == "false",
        team=_first(rows, "assignment_group"),
        assignee=_first(rows, "assigned_to"),
    )


def _moments(rows: Iterable[Row]) -> tuple[Moment, ...]:
    """Return the events while it was open and had not been found late."""
    return tuple(
        Moment(
            at=epoch(row.get("sys_updated_at")) or 0,
            stage=STATES[state].status if state in STATES else "",
            team=row.get("assignment_group"),
            assignee=row.get("assigned_to"),
        )
        for row in rows
        if (state := row.get("incident_state")) not in OVER
        and row.get("made_sla").lower() != "false"
        and instant(row.get("sys_updated_at"))
    )


def _first(rows: Iterable[Row], column: str) -> str:
    return next((value for row in rows if (value := row.get(column))), "")
