"""Where tickets stand in the organisation, read in as many queries for one as for many."""

from collections.abc import Collection

from nova.accounts.chain import Place
from tickets.models import Ticket

PLACED = (
    *("assignee_id", "backup_id", "team__lead_id", "team__senior_id", "department_id"),
    *("site_id", "site__operations_manager_id", "requester_id", "submitted_by_id"),
    "team__lead__department_id",
)


def places_of(ticket_ids: Collection[int]) -> dict[int, Place]:
    """Return by ticket where it stands."""
    rows = Ticket.objects.filter(pk__in=ticket_ids).values_list("pk", *PLACED)
    return {pk: _place(*row) for pk, *row in rows}


def _place(
    assignee: int | None,
    backup: int | None,
    lead: int | None,
    senior: int | None,
    department: int | None,
    site: int | None,
    operations: int | None,
    *others: int | None,
) -> Place:
    requester, submitter, of_lead = others
    return Place(
        assignee=assignee,
        backup=backup,
        lead=lead,
        senior=senior,
        department=department,
        lead_department=of_lead,
        site=site,
        operations=operations,
        for_whom=frozenset(pk for pk in (requester, submitter) if pk),
    )
