"""How the people of a desk stand to each other, read in as many queries for few as for many."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef

from nova.accounts.chain import Organisation, Person, Unit
from nova.accounts.choices import PersonKind, RoleKey
from nova.accounts.models import Department, RoleGrant, User


def organisation_of(tenant_id: int, *, needs: Collection[str], knows: str) -> Organisation:
    """Return who of a tenant has all that it `needs`, and how they stand to each other.

    Whoever has the permission `knows` is one of those who may know of VIPs.
    """
    departments = Department.objects.filter(tenant_id=tenant_id)
    units = {pk: Unit(*row) for pk, *row in departments.values_list("pk", "head_id", "parent_id")}
    people = _people(tenant_id, needs, knows)
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


def _people(tenant_id: int, needs: Collection[str], knows: str) -> dict[int, Person]:
    held = [_holding(permission) for permission in needs]
    desk = User.objects.filter(*held, tenant_id=tenant_id, kind=PersonKind.PERSON).active()
    rows = desk.annotate(knows=_holding(knows)).values_list(
        *("pk", "name", "zone", "away_until", "stands_in_id", "knows", "site_id")
    )
    return {row[0]: Person(*row) for row in rows}


def _holding(permission: str) -> Exists:
    held = RoleGrant.objects.filter(
        person=OuterRef("pk"), role__permissions__contains=[permission]
    )
    return Exists(held)
