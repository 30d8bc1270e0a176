"""Reads what must be known to plan an import: a number of queries, however many its rows."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q

from nova.accounts.choices import PersonKind
from nova.accounts.csv_rows import Row, groups_in
from nova.accounts.import_plan import NOTHING, Known, Named, Present
from nova.accounts.models import (
    Department,
    Floor,
    Group,
    PeopleImportLine,
    RoleGrant,
    Site,
    User,
)

LET_IN_AND_OUT = "accounts.provision_people"
PLACES = ("department", "site", "floor", "manager")


def known_of(rows: Sequence[Row], actor: User, *, is_held: bool = False) -> Known:
    """Return what is there of those whom rows are about; `is_held` locks groups and people."""
    said = [row.said for row in rows if not row.faults]
    emails = {cells["email"] for cells in said}
    managers = {cells["manager"] for cells in said if "manager" in cells}
    external_ids = {cells["external_id"] for cells in said if "external_id" in cells}
    if is_held:
        _hold_groups({name for cells in said for name in groups_in(cells.get("groups", ""))})
    here = User.objects.filter(tenant=actor.tenant_id)
    named = Q(email__in=emails | managers) | Q(external_id__in=external_ids)
    people = here.filter(named | Q(user_name__in=emails)).order_by("pk")
    if is_held:
        list(people.select_for_update(no_key=True).values_list("pk"))
    found = list(people.select_related(*PLACES).prefetch_related("member_of"))
    allowed = _permissions({person.pk for person in found})
    present = [_present(person, allowed.get(person.pk, frozenset())) for person in found]
    unseen = _taken_elsewhere(emails - {person.email for person in found}, actor)
    return Known(
        actor_id=actor.pk,
        actor_permissions=actor.granted_permissions(),
        may_let_in=actor.has_perm(LET_IN_AND_OUT),
        by_email={person.email: person for person in present},
        by_external_id={
            str(one.texts["external_id"]): one for one in present if one.texts["external_id"]
        },
        taken=frozenset(unseen | _taken_here(found)),
        departments=_named(Department),
        sites=_named(Site),
        floors={
            (site, name.lower()): Named(id=pk, name=name)
            for pk, site, name in Floor.objects.values_list("pk", "site_id", "name")
        },
    )


def rows_of(lines: Iterable[PeopleImportLine]) -> list[Row]:
    """Return the rows of a file as they were read."""
    return [
        Row(line=one.line, said=one.said, faults=[(column, told) for column, told in one.read])
        for one in lines
    ]


def _hold_groups(names: Collection[str]) -> None:
    """Lock the groups before the people, as whoever changes their members does."""
    list(Group.objects.select_for_update().filter(name__in=names).order_by("pk"))


def _named(model: type[Department | Site]) -> dict[str, Named]:
    rows = model.objects.values_list("pk", "name")
    return {name.lower(): Named(id=pk, name=name) for pk, name in rows}


def _permissions(ids: Collection[int]) -> dict[int, frozenset[str]]:
    """Return by person what their roles allow."""
    found: dict[int, frozenset[str]] = {}
    grants = RoleGrant.objects.filter(person__in=ids)
    for pk, names in grants.values_list("person_id", "role__permissions"):
        found[pk] = found.get(pk, frozenset()) | frozenset(names)
    return found


def _present(person: User, permissions: frozenset[str]) -> Present:
    def named(row: Any) -> Named:
        return Named(id=row.pk, name=row.name) if row else NOTHING

    manager = person.manager
    return Present(
        id=person.pk,
        email=person.email,
        texts={name: getattr(person, name) for name in ("name", "title", "phone", "external_id")},
        department=named(person.department),
        site=named(person.site),
        floor=named(person.floor),
        manager=Named(id=manager.pk, name=manager.email) if manager else NOTHING,
        is_active=person.is_active,
        attributes=person.attributes,
        groups=frozenset(group.name for group in person.member_of.all()),
        permissions=permissions,
        has_departed=person.departed_at is not None,
    )


def _taken_here(people: Iterable[User]) -> set[str]:
    """Return addresses by which something else than a person is called, or another one."""
    taken = {person.email for person in people if person.kind != PersonKind.PERSON}
    return taken | {
        person.user_name
        for person in people
        if person.user_name and person.user_name != person.email
    }


def _taken_elsewhere(emails: set[str], actor: User) -> set[str]:
    """Return which addresses the fence hides. To try is the only way to learn it.

    What is tried is rolled back; who has them is not learned.
    """
    point = transaction.savepoint()
    tried = [
        User(tenant_id=actor.tenant_id, email=email, is_active=False) for email in sorted(emails)
    ]
    User.objects.bulk_create(tried, ignore_conflicts=True)
    came = set(User.objects.filter(email__in=emails).values_list("email", flat=True))
    transaction.savepoint_rollback(point)
    return emails - came
