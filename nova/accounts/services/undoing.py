"""How a portion of an import is undone: exactly, but for what somebody has changed since."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from nova.accounts.choices import ImportKind, ImportStatus, LineState
from nova.accounts.csv_rows import attribute_of
from nova.accounts.events import PeopleImportUndone
from nova.accounts.models import Group, GroupMembership, PeopleImport, PeopleImportLine, User
from nova.accounts.services.groups import change_members, delete_group
from nova.accounts.services.people import deactivate_person, reactivate_person
from nova.accounts.services.provisioning import leave_groups, let_go, reprovision_person
from nova.errors import Refused
from nova.events.bus import publish
from nova.events.models import EventRecord
from nova.tenancy.rows import update_rows

PLACES = ("department", "site", "floor", "manager")
WRITTEN = ("state", "omitted")
Acting = dict[str, Any]
Left = list[list[str]]
Lines = Sequence[PeopleImportLine]


def undo_lines(batch: PeopleImport, actor: User, now: datetime, size: int) -> None:
    """Undo the next lines: those go who came and did nothing since, the others are put back.

    What somebody else has changed since is left as it is, and its line says so.
    """
    lines = list(batch.lines.to_undo()[:size])
    acting: Acting = {"actor": actor, "now": now}
    changed = [line for line in lines if line.kind == ImportKind.CHANGED]
    came = [line for line in lines if line.kind == ImportKind.NEW]
    _hold_groups(changed, came)
    ids = [line.person_id or 0 for line in lines]
    held = User.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    people: dict[int | None, User] = {person.pk: person for person in held}
    _leave_joined(changed, acting)
    for line in changed:
        line.omitted = _put_back(people[line.person_id], line.changes, acting)
    _let_all_go(came, people, acting)
    rows = [{"id": one.pk, "state": LineState.UNDONE, "omitted": one.omitted} for one in lines]
    update_rows(PeopleImportLine, WRITTEN, rows)
    batch.done += len(lines)
    if not batch.lines.to_undo().exists():
        _end(batch, actor, now)


def stirred(lines: Lines) -> set[int]:
    """Return who did something since their line was applied, or was changed by somebody.

    What Nova makes of a person by itself, such as a VIP, is no change by anybody: to leave them
    here for that would tell whoever undoes the import.
    """
    told = {line.person_id: line.told or 0 for line in lines if line.person_id is not None}
    if not told:
        return set()
    since = EventRecord.objects.filter(pk__gt=min(told.values()))
    did = since.filter(actor__in=told).values_list("actor_id", "pk")
    about = since.filter(subject="person", subject_id__in=told, name__startswith="accounts.")
    events = [*did, *about.values_list("subject_id", "pk")]
    return {person for person, pk in events if person is not None and pk > told[person]}


def _end(batch: PeopleImport, actor: User, now: datetime) -> None:
    """Delete the groups that came with it, and tell what became of its people."""
    _delete_groups(batch, actor, now)
    batch.status, batch.undone_at, batch.ended_at = ImportStatus.UNDONE, now, now
    undone = batch.lines.filter(state=LineState.UNDONE)
    back = list(undone.filter(omitted=[]).values_list("kind", flat=True))
    event = PeopleImportUndone(
        tenant_id=batch.tenant_id,
        import_id=batch.pk,
        file_name=batch.file_name,
        departed=back.count(ImportKind.NEW),
        put_back=back.count(ImportKind.CHANGED),
        left=undone.exclude(omitted=[]).count(),
    )
    publish(event, actor=actor, now=now)


def _hold_groups(changed: Lines, came: Lines) -> None:
    """Lock the groups before the people, as whoever changes their members does."""
    inside = GroupMembership.objects.filter(person__in=[line.person_id for line in came])
    ids = {*_joined(changed), *inside.values_list("group_id", flat=True)}
    list(Group.objects.select_for_update().filter(pk__in=ids).order_by("pk"))


def _joined(lines: Iterable[PeopleImportLine]) -> dict[int, list[int]]:
    """Return by group who joined it with the import."""
    joined: dict[int, list[int]] = defaultdict(list)
    for line in lines:
        for group_id in line.changes.get("groups", {"after": ()})["after"]:
            joined[group_id].append(line.person_id or 0)
    return joined


def _leave_joined(changed: Lines, acting: Acting) -> None:
    """Take out of groups whom the import put in; those who came leave only if they go."""
    joined = _joined(changed)
    there = Group.objects.filter(pk__in=joined).order_by("pk").values_list("pk", flat=True)
    for group_id in list(there):
        change_members(group_id, remove=joined[group_id], **acting)


def _put_back(person: User, changes: Mapping[str, Any], acting: Acting) -> Left:
    """Put columns back that are still as the import left them; return those that are not."""
    left: Left = []
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
        if fields:
            reprovision_person(person.pk, fields, **acting)
    except Refused as refused:
        left.append(["", str(refused)])
    return left + _let_back(person, changes.get("is_active"), acting)


def _let_back(person: User, change: Any, acting: Acting) -> Left:
    """Let a person in or out again."""
    if change is None:
        return []
    if person.is_active != change["after"] or person.departed_at is not None:
        return [["is_active", _("It was changed since.")]]
    verb = reactivate_person if change["before"] else deactivate_person
    try:
        verb(person.pk, **acting)
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


def _let_all_go(came: Lines, people: Mapping[int | None, User], acting: Acting) -> None:
    """Let those depart who came, and then leave their groups, each group once."""
    changed_since, gone = stirred(came), []
    for line in came:
        line.omitted = _let_go(people[line.person_id], changed_since, acting)
        if not line.omitted:
            gone.append(line.person_id or 0)
    leave_groups(gone, **acting)


def _let_go(person: User, changed_since: Collection[int], acting: Acting) -> Left:
    if person.pk in changed_since or person.last_login is not None:
        return [["", _("They did something since, or somebody changed them.")]]
    if person.departed_at is not None:
        return [["", _("They have departed already.")]]
    try:
        let_go(person.pk, **acting)
    except Refused as refused:
        return [["", str(refused)]]
    return []


def _delete_groups(batch: PeopleImport, actor: User, now: datetime) -> None:
    """Delete the groups that came with the import, unless somebody is in them."""
    inside = GroupMembership.objects.filter(group__in=batch.made_groups).values("group")
    empty = Group.objects.filter(pk__in=batch.made_groups).exclude(pk__in=inside).order_by("pk")
    for group_id in list(empty.values_list("pk", flat=True)):
        delete_group(group_id, actor=actor, now=now)
