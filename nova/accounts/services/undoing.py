"""How an import is undone: exactly, but for what somebody else has changed since."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from nova.accounts.choices import ImportKind
from nova.accounts.csv_rows import attribute_of
from nova.accounts.events import PeopleImportUndone
from nova.accounts.models import Group, GroupMembership, PeopleImport, User
from nova.accounts.services.groups import change_members, delete_group
from nova.accounts.services.people import deactivate_person, reactivate_person
from nova.accounts.services.provisioning import depart_person, reprovision_person
from nova.errors import Refused
from nova.events.bus import publish
from nova.events.models import EventRecord

PLACES = ("department", "site", "floor", "manager")
Kept = dict[str, Any]


@transaction.atomic
def undo_import(import_id: int, *, actor: User, now: datetime) -> PeopleImport:
    """Let those go who came with an import and did nothing since, and put the others back.

    What somebody else has changed since is left as it is, and the row says so. Raises `Refused`
    where there is nothing to undo.
    """
    made = PeopleImport.objects.select_for_update().get(pk=import_id)
    if not made.may_undo:
        raise Refused(_("There is nothing to undo."))
    rows = [row for row in made.rows if row["kind"] in (ImportKind.NEW, ImportKind.CHANGED)]
    _hold_groups(rows)
    ids = [row["person"] for row in rows]
    held = User.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    people = {person.pk: person for person in held}
    _leave_groups(rows, people, actor, now)
    for row in rows:
        if row["kind"] == ImportKind.CHANGED:
            row["left"] = _put_back(people[row["person"]], row["changes"], actor, now)
    stirred = _stirred(made)
    for row in rows:
        if row["kind"] == ImportKind.NEW:
            row["left"] = _let_go(people[row["person"]], stirred, actor, now)
    _delete_groups(made, actor, now)
    made.undone_at = now
    made.save(update_fields=["rows", "undone_at"])
    publish(_undone(made, rows), actor=actor, now=now)
    return made


def _undone(made: PeopleImport, rows: Sequence[Kept]) -> PeopleImportUndone:
    back = [row["kind"] for row in rows if not row["left"]]
    return PeopleImportUndone(
        tenant_id=made.tenant_id,
        import_id=made.pk,
        file_name=made.file_name,
        departed=back.count(ImportKind.NEW),
        put_back=back.count(ImportKind.CHANGED),
        left=len(rows) - len(back),
    )


def _hold_groups(rows: Sequence[Kept]) -> None:
    """Lock the groups before the people, as whoever changes their members does."""
    list(Group.objects.select_for_update().filter(pk__in=_joined(rows)).order_by("pk"))


def _joined(rows: Sequence[Kept]) -> dict[int, list[int]]:
    """Return by group who joined it with the import."""
    joined: dict[int, list[int]] = {}
    for row in rows:
        for group_id in row["changes"].get("groups", {"after": ()})["after"]:
            joined.setdefault(group_id, []).append(row["person"])
    return joined


def _leave_groups(
    rows: Sequence[Kept], people: Mapping[int, User], actor: User, now: datetime
) -> None:
    """Take out of groups whom the import put in; those who came leave only if they go."""
    changed = [row for row in rows if row["kind"] == ImportKind.CHANGED]
    joined = _joined(changed)
    there = Group.objects.filter(pk__in=joined).order_by("pk").values_list("pk", flat=True)
    for group_id in list(there):
        change_members(group_id, remove=joined[group_id], actor=actor, now=now)


def _put_back(
    person: User, changes: Mapping[str, Any], actor: User, now: datetime
) -> list[list[str]]:
    """Put columns back that are still as the import left them; return those that are not."""
    left: list[list[str]] = []
    fields: dict[str, Any] = {}
    attributes = dict(person.attributes)
    for column, change in changes.items():
        if column in ("groups", "is_active"):
            continue
        if _value(person, column) != change["after"] or person.departed_at is not None:
            left.append([column, _("It was changed since.")])
        elif (name := attribute_of(column)) is not None:
            attributes[name] = change["before"]
            fields["attributes"] = {k: v for k, v in attributes.items() if v is not None}
        else:
            fields[column] = _row(column, change["before"])
    try:
        reprovision_person(person.pk, fields, actor=actor, now=now)
    except Refused as refused:
        left.append(["", str(refused)])
    return left + _let_back(person, changes.get("is_active"), actor, now)


def _let_back(person: User, change: Any, actor: User, now: datetime) -> list[list[str]]:
    """Let a person in or out again."""
    if change is None:
        return []
    if person.is_active != change["after"] or person.departed_at is not None:
        return [["is_active", _("It was changed since.")]]
    verb = reactivate_person if change["before"] else deactivate_person
    try:
        verb(person.pk, actor=actor, now=now)
    except Refused as refused:
        return [["is_active", str(refused)]]
    return []


def _value(person: User, column: str) -> Any:
    if (name := attribute_of(column)) is not None:
        return person.attributes.get(name)
    return getattr(person, f"{column}_id" if column in PLACES else column)


def _row(column: str, pk: Any) -> Any:
    """Return what a column held: a row where it names one, none if that is gone."""
    if column not in PLACES:
        return pk
    model: Any = User._meta.get_field(column).related_model
    return model.objects.filter(pk=pk).first()


def _stirred(made: PeopleImport) -> set[int]:
    """Return who did something since the import, or to whom somebody did something."""
    came = {row["person"] for row in made.rows if row["kind"] == ImportKind.NEW}
    applied = EventRecord.objects.about("import", made.pk).values_list("pk", flat=True)[:1]
    since = EventRecord.objects.filter(pk__gt=applied[0])
    did = since.filter(actor__in=came).values_list("actor_id", flat=True)
    about = since.filter(subject="person", subject_id__in=came)
    return {*did, *(record.subject_pk for record in about.only("subject_id"))}


def _let_go(person: User, stirred: set[int], actor: User, now: datetime) -> list[list[str]]:
    if person.pk in stirred or person.last_login is not None:
        return [["", _("They did something since, or somebody changed them.")]]
    if person.departed_at is not None:
        return [["", _("They have departed already.")]]
    try:
        depart_person(person.pk, actor=actor, now=now)
    except Refused as refused:
        return [["", str(refused)]]
    return []


def _delete_groups(made: PeopleImport, actor: User, now: datetime) -> None:
    """Delete the groups that came with the import, unless somebody is in them."""
    inside = GroupMembership.objects.filter(group__in=made.made_groups).values("group")
    empty = Group.objects.filter(pk__in=made.made_groups).exclude(pk__in=inside).order_by("pk")
    for group_id in list(empty.values_list("pk", flat=True)):
        delete_group(group_id, actor=actor, now=now)
