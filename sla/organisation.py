"""Where tickets stand in the organisation, read in as many queries for one as for many."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef

from nova.accounts.choices import RoleKey
from nova.accounts.models import Department, RoleGrant, User
from sla.chain import Organisation, Person, Place, Unit
from tickets.events import DESK, VIP
from tickets.models import Ticket

CLOCKS = "sla.view_clock"
PLACED = (
    *("assignee_id", "backup_id", "team__lead_id", "team__senior_id", "department_id"),
    *("site_id", "site__operations_manager_id", "requester_id", "submitted_by_id"),
    "team__lead__department_id",
)


def organisation_of(tenant_id: int) -> Organisation:
    """Return the desk of a tenant: who is there, and how they stand to each other."""
    departments = Department.objects.filter(tenant_id=tenant_id)
    units = {pk: Unit(*row) for pk, *row in departments.values_list("pk", "head_id", "parent_id")}
    people = _people(tenant_id)
    held = RoleGrant.objects.filter(
        tenant_id=tenant_id, role__key__in=[RoleKey.MANAGER, RoleKey.LEAD]
    )
    grants = [
        (key, pk)
        for key, pk in held.order_by("person_id").values_list("role__key", "person_id")
        if pk in people
    ]
    return Organisation(
        people=people,
        departments=units,
        managers=tuple(pk for key, pk in grants if key == RoleKey.MANAGER),
        leads=tuple(pk for key, pk in grants if key == RoleKey.LEAD),
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


def _people(tenant_id: int) -> dict[int, Person]:
    desk = User.objects.filter(_holding(DESK), _holding(CLOCKS), tenant_id=tenant_id).active()
    rows = desk.annotate(knows=_holding(VIP)).values_list(
        *("pk", "name", "zone", "away_until", "stands_in_id", "knows", "site_id")
    )
    return {row[0]: Person(*row) for row in rows}


def _holding(permission: str) -> Exists:
    held = RoleGrant.objects.filter(
        person=OuterRef("pk"), role__permissions__contains=[permission]
    )
    return Exists(held)
