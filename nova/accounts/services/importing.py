"""How a file of people is previewed and applied."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from nova.accounts.choices import ImportKind
from nova.accounts.csv_rows import Row, attribute_of, read_people
from nova.accounts.events import PeopleImported
from nova.accounts.import_known import known_of
from nova.accounts.import_plan import Change, Plan, plans_of
from nova.accounts.models import Department, Floor, Group, PeopleImport, Site, User
from nova.accounts.models.imports import SEE_VIPS
from nova.accounts.services.groups import change_members, create_group
from nova.accounts.services.people import deactivate_person, reactivate_person
from nova.accounts.services.provisioning import provision_person, reprovision_person
from nova.errors import Refused
from nova.events.bus import publish

PLACES: dict[str, Any] = {"department": Department, "site": Site, "floor": Floor, "manager": User}
# What is done by a verb of its own, not as a column of a person.
BY_VERB = ("is_active", "groups")


@transaction.atomic
def preview_import(file_name: str, content: bytes, *, actor: User, now: datetime) -> PeopleImport:
    """Write down what a file would change. It changes nothing yet, of nobody.

    Raises `Unreadable` for a file that is none of people, and `Refused` for columns that ask for
    more than the actor may do.
    """
    rows = read_people(content)
    told = {column for row in rows for column in row.said}
    tells_attributes = any(attribute_of(column) is not None for column in told)
    if tells_attributes and not actor.has_perm(SEE_VIPS):
        raise Refused(_("Attributes are for those who may see who is a VIP."))
    if "groups" in told and not actor.has_perm("accounts.manage_groups"):
        raise Refused(_("Groups are for those who may manage groups."))
    plans = plans_of(rows, known_of(rows, actor))
    return PeopleImport.objects.create(
        tenant_id=actor.tenant_id,
        file_name=file_name[-150:],
        author=actor,
        created_at=now,
        tells_attributes=tells_attributes,
        counts={kind.value: sum(plan.kind == kind for plan in plans) for kind in ImportKind},
        rows=[_kept(plan) for plan in plans],
    )


@transaction.atomic
def apply_import(import_id: int, *, actor: User, now: datetime) -> PeopleImport:
    """Do what a preview showed, all of it or nothing. Rows with errors are left out.

    Raises `Refused` where that is no longer what would be done, and what each verb raises.
    """
    made = _held_alone(import_id)
    if not made.may_apply:
        raise Refused(_("There is nothing to apply."))
    rows = [_row(kept) for kept in made.rows]
    plans = plans_of(rows, known_of(rows, actor, is_held=True))
    if [_compared(_kept(plan)) for plan in plans] != [_compared(kept) for kept in made.rows]:
        raise Refused(_("People have changed since. Preview the file again."))
    _apply(plans, made, actor, now)
    made.rows, made.applied_at = [_kept(plan) for plan in plans], now
    made.save(update_fields=["rows", "applied_at", "made_groups"])
    event = PeopleImported(
        tenant_id=made.tenant_id,
        import_id=made.pk,
        file_name=made.file_name,
        new=made.counts[ImportKind.NEW],
        changed=made.counts[ImportKind.CHANGED],
    )
    publish(event, actor=actor, now=now)
    return made


def _held_alone(import_id: int) -> PeopleImport:
    """Hold an import, and with it all that wait: so that of two one is first."""
    held = PeopleImport.objects.select_for_update()
    list(held.filter(applied_at=None).order_by("pk").values_list("pk", flat=True))
    return held.get(pk=import_id)


def _kept(plan: Plan) -> dict[str, Any]:
    return {
        "line": plan.row.line,
        "said": dict(plan.row.said),
        "read": [list(fault) for fault in plan.row.faults],
        "kind": plan.kind.value,
        "faults": [list(fault) for fault in plan.faults],
        "changes": plan.changes,
        "person": plan.person_id,
    }


def _row(kept: Mapping[str, Any]) -> Row:
    faults = [(column, told) for column, told in kept["read"]]
    return Row(line=kept["line"], said=kept["said"], faults=faults)


def _compared(kept: Mapping[str, Any]) -> Any:
    return kept["kind"], kept["person"], kept["changes"]


def _apply(plans: Sequence[Plan], made: PeopleImport, actor: User, now: datetime) -> None:
    """First those who come, so that they may be managers; in one order, whoever else does so."""
    places = _places(plans)
    come = sorted((p for p in plans if p.kind == ImportKind.NEW), key=_email)
    for plan in come:
        fields = _fields(plan.changes, places, leave=("email", "name", "groups", "manager"))
        attributes = _attributes(plan.changes, {})
        if attributes:
            fields["attributes"] = attributes
        said = plan.row.said
        person = provision_person(said["email"], said["name"], actor=actor, now=now, **fields)
        plan.person_id = person.pk
    by_email = {_email(plan): plan.person_id for plan in come}
    for plan in plans:
        if plan.kind in (ImportKind.NEW, ImportKind.CHANGED):
            _change(plan, places, by_email, actor, now)
    _join(plans, made, actor, now)


def _change(
    plan: Plan,
    places: Mapping[str, Mapping[int, Any]],
    come: Mapping[str, int | None],
    actor: User,
    now: datetime,
) -> None:
    """Change what is left to change of a person, once all are there who come."""
    assert plan.person_id is not None  # noqa: S101 - who came has got an id
    manager = plan.changes.get("manager")
    if manager and manager["after"] is None:
        manager["after"] = come[plan.row.said["manager"]]
    changes = plan.changes
    if plan.kind == ImportKind.NEW:
        changes = {name: change for name, change in changes.items() if name == "manager"}
    fields = _fields(changes, places, leave=BY_VERB)
    if any(attribute_of(column) is not None for column in changes):
        person = User.objects.get(pk=plan.person_id)
        fields["attributes"] = _attributes(changes, person.attributes)
    if fields:
        reprovision_person(plan.person_id, fields, actor=actor, now=now)
    if "is_active" in changes:
        verb = reactivate_person if changes["is_active"]["after"] else deactivate_person
        verb(plan.person_id, actor=actor, now=now)


def _fields(
    changes: Mapping[str, Change], places: Mapping[str, Mapping[int, Any]], leave: Iterable[str]
) -> dict[str, Any]:
    """Return what the verbs of people are told: rows in the place of their ids."""
    fields: dict[str, Any] = {}
    for column, change in changes.items():
        if column in leave or attribute_of(column) is not None:
            continue
        after = change["after"]
        if column in PLACES and after is not None:
            after = places[column].get(after) or PLACES[column].objects.get(pk=after)
        fields[column] = after
    return fields


def _attributes(changes: Mapping[str, Change], present: Mapping[str, Any]) -> dict[str, Any]:
    told = {attribute_of(column): change["after"] for column, change in changes.items()}
    merged = {**present, **{name: value for name, value in told.items() if name is not None}}
    return {name: value for name, value in merged.items() if value is not None}


def _places(plans: Iterable[Plan]) -> dict[str, dict[int, Any]]:
    """Return by column the rows that are named, by their ids."""
    found: dict[str, dict[int, Any]] = {}
    for column, model in PLACES.items():
        ids = {p.changes[column]["after"] for p in plans if column in p.changes} - {None}
        found[column] = model.objects.in_bulk(ids) if ids else {}
    return found


def _join(plans: Sequence[Plan], made: PeopleImport, actor: User, now: datetime) -> None:
    """Put people into groups, each group once, and make the groups that are not there."""
    joins: dict[str, list[int]] = {}
    for plan in plans:
        joining = plan.changes.get("groups") if plan.kind != ImportKind.ERROR else None
        for name in joining["after"] if joining else ():
            joins.setdefault(name, []).append(plan.person_id or 0)
    there = dict(Group.objects.filter(name__in=joins).values_list("name", "pk"))
    for name in sorted(joins.keys() - there.keys()):
        there[name] = create_group(name, actor=actor, now=now).pk
        made.made_groups.append(there[name])
    for name, pk in sorted(there.items(), key=lambda item: item[1]):
        change_members(pk, add=joins[name], actor=actor, now=now)
    for plan in plans:
        if plan.kind != ImportKind.ERROR and "groups" in plan.changes:
            change = plan.changes["groups"]
            change["after"] = [there[name] for name in change["after"]]


def _email(plan: Plan) -> str:
    return plan.row.said["email"]
