"""Small logs as ServiceNow writes them."""

import csv
from io import StringIO
from pathlib import Path

from django.core.management import call_command

COLUMNS = [
    "number",
    "incident_state",
    "reassignment_count",
    "reopen_count",
    "sys_mod_count",
    "made_sla",
    "caller_id",
    "opened_by",
    "opened_at",
    "sys_updated_by",
    "sys_updated_at",
    "contact_type",
    "location",
    "category",
    "subcategory",
    "u_symptom",
    "impact",
    "urgency",
    "priority",
    "assignment_group",
    "assigned_to",
    "problem_id",
    "vendor",
    "closed_code",
    "resolved_by",
    "resolved_at",
    "closed_at",
]
USUAL = {
    "number": "INC0000045",
    "incident_state": "New",
    "reassignment_count": "0",
    "reopen_count": "0",
    "sys_mod_count": "0",
    "made_sla": "true",
    "caller_id": "Caller 2403",
    "opened_by": "Opened by  8",
    "opened_at": "29/2/2016 01:16",
    "sys_updated_by": "Updated by 21",
    "sys_updated_at": "29/2/2016 01:23",
    "contact_type": "Phone",
    "location": "Location 143",
    "category": "Category 55",
    "subcategory": "Subcategory 170",
    "u_symptom": "Symptom 72",
    "impact": "2 - Medium",
    "urgency": "2 - Medium",
    "priority": "3 - Moderate",
    "assignment_group": "Group 56",
    "closed_code": "code 5",
    "resolved_by": "Resolved by 149",
    "resolved_at": "29/2/2016 11:29",
    "closed_at": "5/3/2016 12:00",
}


def event(**values: str) -> str:
    """Return a line of the log; what is not given is as usual, or missing."""
    return ",".join((USUAL | values).get(column, "?") for column in COLUMNS)


def moved(day: int, clock: str, state: str, **values: str) -> str:
    """Return a line that says that the incident was in `state` on a day of March 2016."""
    return event(sys_updated_at=f"{day}/3/2016 {clock}", incident_state=state, **values)


def life(number: str = "INC0000045") -> list[str]:
    """Return an incident from New to Closed."""
    return [
        event(number=number),
        moved(1, "05:30", "Active", number=number, assigned_to="Resolver 31", sys_mod_count="1"),
        moved(
            1, "11:29", "Resolved", number=number, sys_mod_count="2", resolved_at="1/3/2016 11:29"
        ),
        moved(
            5, "12:00", "Closed", number=number, sys_mod_count="3", resolved_at="1/3/2016 11:29"
        ),
    ]


def log_of(folder: Path, lines: list[str], header: str = ",".join(COLUMNS)) -> Path:
    """Return a file with these lines."""
    path = folder / "log.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


class Imported:
    """What one run of the command said and reported."""

    def __init__(self, path: Path, tenant, report: Path, batch: int = 2):
        out = StringIO()
        call_command(
            "import_servicenow",
            str(path),
            tenant=tenant.slug,
            report=report,
            batch=batch,
            stdout=out,
        )
        self.text = out.getvalue()
        with report.open(encoding="utf-8", newline="") as file:
            self.report = list(csv.DictReader(file))

    @property
    def events(self) -> str:
        return next(line for line in self.text.splitlines() if line.startswith("Events:"))

    def said(self) -> list[tuple[str, str, str]]:
        return [(row["line"], row["column"], row["problem"]) for row in self.report]
