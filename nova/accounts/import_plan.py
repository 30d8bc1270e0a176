"""Decides what a row of a file would change of a person. Pure: knows what was read for it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict

from django.utils.translation import gettext as _

from nova.accounts import rules
from nova.accounts.choices import ImportKind
from nova.accounts.csv_rows import (
    FLAGS,
    Fault,
    Row,
    attribute_of,
    attribute_value,
    groups_in,
)

TEXTS = ("name", "title", "phone", "external_id")


class Change(TypedDict):
    """What becomes of one column: as it is kept, and in words."""

    before: Any
    after: Any
    shown: list[str]


@dataclass(frozen=True, kw_only=True)
class Named:
    """A row that a cell names: its id, and its name in words."""

    id: int | None
    name: str


NOTHING = Named(id=None, name="")


@dataclass(frozen=True, kw_only=True)
class Present:
    """A person as they are before the import."""

    id: int
    email: str
    texts: Mapping[str, str | None]
    department: Named
    site: Named
    floor: Named
    manager: Named
    is_active: bool
    attributes: Mapping[str, Any]
    groups: frozenset[str]
    permissions: frozenset[str]
    has_departed: bool


@dataclass(frozen=True, kw_only=True)
class Known:
    """What was read for the rows of one file, names in lower case. `taken` are addresses.

    `may_let_in` says whether the actor lets anybody in and out, as an identity provider does.
    """

    actor_id: int
    actor_permissions: frozenset[str]
    may_let_in: bool
    by_email: Mapping[str, Present]
    by_external_id: Mapping[str, Present]
    taken: frozenset[str]
    departments: Mapping[str, Named]
    sites: Mapping[str, Named]
    floors: Mapping[tuple[int | None, str], Named]


@dataclass(kw_only=True)
class Plan:
    """What becomes of one row, and of which person."""

    row: Row
    kind: ImportKind
    person_id: int | None = None
    changes: dict[str, Change] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def plans_of(
    rows: Sequence[Row], known: Known, coming: Collection[str] = frozenset()
) -> list[Plan]:
    """Return what becomes of each row of a file, or of those of one portion of it.

    `coming` are the e-mails of those who come with the other portions.
    """
    plans = [_plan(row, known) for row in rows]
    _refuse_second_of_one_person(plans)
    while _refuse_lost_managers(plans, coming):
        pass  # whoever is refused is nobody's manager either
    return plans


def is_as_shown(plan: Plan, kind: str, person_id: int | None, changes: Mapping[str, Any]) -> bool:
    """Say whether a row comes to what was shown of it. A manager may have come in between."""
    shown = (kind, person_id, _compared(changes))
    return (plan.kind, plan.person_id, _compared(plan.changes)) == shown


def _compared(changes: Mapping[str, Any]) -> dict[str, Any]:
    return {
        column: change["shown"] if column == "manager" else change
        for column, change in changes.items()
    }


def _plan(row: Row, known: Known) -> Plan:
    if row.faults:
        return Plan(row=row, kind=ImportKind.ERROR, faults=list(row.faults))
    said = row.said
    person = known.by_email.get(said["email"])
    if person is None or person.has_departed:
        person = known.by_external_id.get(said.get("external_id", ""), person)
    is_new = person is None or person.has_departed
    changes = dict(_changes(said, None if is_new else person, known))
    faults = list(_faults(said, None if is_new else person, known))
    kind = ImportKind.ERROR if faults else ImportKind.CHANGED if changes else ImportKind.SAME
    if is_new and not faults:
        kind = ImportKind.NEW
    person_id = person.id if person is not None else None
    return Plan(row=row, kind=kind, person_id=person_id, changes=changes, faults=faults)


def _changes(
    said: Mapping[str, str], person: Present | None, known: Known
) -> Iterator[tuple[str, Change]]:
    """Yield the columns that would be other than they are, each with its change."""
    email = person.email if person else ""
    if said["email"] != email:
        yield "email", _changed(email or None, said["email"])
    for column in TEXTS:
        before = person.texts[column] if person else None
        if column in said and said[column] != (before or ""):
            yield column, _changed(before, said[column])
    yield from _places(said, person, known)
    manager = person.manager if person else NOTHING
    if "manager" in said and said["manager"] != manager.name:
        found = known.by_email.get(said["manager"])
        is_here = found is not None and not found.has_departed
        after = Named(id=found.id if found and is_here else None, name=said["manager"])
        yield "manager", _renamed(manager, after)
    is_active = person.is_active if person else True
    if "is_active" in said and FLAGS[said["is_active"].lower()] != is_active:
        yield "is_active", _changed(is_active, not is_active)
    yield from _attributes(said, person.attributes if person else {})
    inside = person.groups if person else frozenset()
    joins = [name for name in groups_in(said.get("groups", "")) if name not in inside]
    if joins:
        yield "groups", {"before": [], "after": joins, "shown": ["", "; ".join(joins)]}


def _places(
    said: Mapping[str, str], person: Present | None, known: Known
) -> Iterator[tuple[str, Change]]:
    """Yield what becomes of department, site and floor. A floor is left with its site."""
    department = person.department if person else NOTHING
    wanted = known.departments.get(said.get("department", "").lower(), department)
    if wanted.id != department.id:
        yield "department", _renamed(department, wanted)
    before = person.site if person else NOTHING
    site = known.sites.get(said.get("site", "").lower(), before)
    if site.id != before.id:
        yield "site", _renamed(before, site)
    floor = person.floor if person else NOTHING
    stays = floor if site.id == before.id else NOTHING
    wanted = known.floors.get((site.id, said.get("floor", "").lower()), stays)
    if wanted.id != floor.id:
        yield "floor", _renamed(floor, wanted)


def _attributes(
    said: Mapping[str, str], present: Mapping[str, Any]
) -> Iterator[tuple[str, Change]]:
    for column, cell in said.items():
        name = attribute_of(column)
        if name is not None and attribute_value(cell) != present.get(name):
            yield column, _changed(present.get(name), attribute_value(cell))


def _faults(said: Mapping[str, str], person: Present | None, known: Known) -> Iterator[Fault]:
    """Yield what stands against a row, by what is there already."""
    holder = known.by_email.get(said["email"])
    is_held = holder is not None and person is not None and holder.id != person.id
    if is_held or said["email"] in known.taken:
        yield "email", _("This name or address is taken already.")
    owner = known.by_external_id.get(said.get("external_id", ""))
    if owner is not None and (person is None or owner.id != person.id):
        yield "external_id", _("This name or address is taken already.")
    yield from _lost_places(said, person, known)
    if said.get("manager") == said["email"]:
        yield "manager", _("Nobody is their own manager.")
    if person is None:
        if "name" not in said:
            yield "name", _("Somebody new needs a name.")
        return
    if said["email"] != person.email and not rules.may_manage(
        known.actor_permissions, person.permissions
    ):
        yield "email", _("%(person)s may do more than you.") % {"person": person.email}
    if "is_active" in said and FLAGS[said["is_active"].lower()] != person.is_active:
        yield from _kept_out(person, known)


def _lost_places(said: Mapping[str, str], person: Present | None, known: Known) -> Iterator[Fault]:
    if "department" in said and said["department"].lower() not in known.departments:
        yield "department", _("There is no such department.")
    if "site" in said and said["site"].lower() not in known.sites:
        yield "site", _("There is no such site.")
    site = known.sites.get(said.get("site", "").lower(), person.site if person else NOTHING)
    if "floor" in said and (site.id, said["floor"].lower()) not in known.floors:
        yield "floor", _("The site has no such floor.")


def _kept_out(person: Present, known: Known) -> Iterator[Fault]:
    if person.id == known.actor_id:
        yield "is_active", _("Nobody deactivates themselves.")
    if not known.may_let_in and not rules.may_manage(known.actor_permissions, person.permissions):
        yield "is_active", _("%(person)s may do more than you.") % {"person": person.email}


def _refuse_second_of_one_person(plans: Sequence[Plan]) -> None:
    """Refuse a row that by its external id is about somebody whom another row is about."""
    first: dict[int, Plan] = {}
    for plan in plans:
        if plan.person_id is None or plan.faults:
            continue
        other = first.setdefault(plan.person_id, plan)
        if other is not plan:
            told = _("Line %(line)s says the same already.") % {"line": other.row.line}
            _refuse(plan, "external_id", told)


def _refuse_lost_managers(plans: Sequence[Plan], coming: Collection[str]) -> bool:
    """Refuse rows whose manager is neither here nor comes; say whether there was one."""
    come = {plan.row.said["email"] for plan in plans if not plan.faults}.union(coming)
    lost = [
        plan
        for plan in plans
        if not plan.faults
        and "manager" in plan.changes
        and plan.changes["manager"]["after"] is None
        and plan.row.said["manager"] not in come
    ]
    for plan in lost:
        _refuse(plan, "manager", _("There is no such person."))
    return bool(lost)


def _refuse(plan: Plan, column: str, told: str) -> None:
    plan.kind = ImportKind.ERROR
    plan.faults.append((column, told))


def _changed(before: Any, after: Any) -> Change:
    return {"before": before, "after": after, "shown": [_words(before), _words(after)]}


def _renamed(before: Named, after: Named) -> Change:
    return {"before": before.id, "after": after.id, "shown": [before.name, after.name]}


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value or "")
