"""How a portion of a file is applied: those come who are new, and the others change."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from nova.accounts.choices import ImportKind, ImportStatus, LineState
from nova.accounts.csv_rows import attribute_of
from nova.accounts.events import PeopleImported
from nova.accounts.import_known import known_of, rows_of
from nova.accounts.import_plan import Change, Known, is_as_shown, plans_of
from nova.accounts.models import (
    Department,
    Floor,
    Group,
    PeopleImport,
    PeopleImportLine,
    Site,
    User,
)
from nova.accounts.services.groups import change_members, create_group
from nova.accounts.services.people import deactivate_person, reactivate_person
from nova.accounts.services.provisioning import provision_person, reprovision_person
from nova.accounts.services.undoing import stirred
from nova.errors import Refused
from nova.events.bus import publish
from nova.events.models import EventRecord
from nova.tenancy.rows import update_rows

PLACES: dict[str, Any] = {"department": Department, "site": Site, "floor": Floor}
# What is done by a verb of its own, or once all are there; not as a column of a person.
APART = ("email", "name", "is_active", "groups", "manager")
WRITTEN = ("changes", "state", "person_id", "omitted", "told")
Acting = dict[str, Any]
Lines = Sequence[PeopleImportLine]


def apply_lines(batch: PeopleImport, actor: User, now: datetime, size: int) -> None:
    """Do the next lines. What no longer comes to what was shown is left out, and says so."""
    lines = list(batch.lines.to_apply()[:size])
    acting: Acting = {"actor": actor, "now": now}
    known = known_of(rows_of(lines), actor, is_held=True)
    waiting = [line for line in lines if line.state == LineState.WAITING]
    came = [line for line in lines if line.state == LineState.COME]
    changed_since = stirred(came)
    _leave_out_changed(batch, waiting, known)
    here = {email: one.id for email, one in known.by_email.items() if not one.has_departed}
    _do(waiting, here, acting)
    _join(waiting, batch, acting)
    _let_manage(waiting, came, here, acting)
    _write(lines, changed_since)
    batch.done += sum(line.state != LineState.COME for line in lines)
    if not batch.lines.to_apply().exists():
        _end(batch, actor, now)


def _leave_out_changed(batch: PeopleImport, waiting: Lines, known: Known) -> None:
    """Leave out what would come to something else by now than what was shown."""
    coming = batch.lines.filter(kind=ImportKind.NEW, state=LineState.WAITING)
    emails = frozenset(coming.values_list("said__email", flat=True))
    plans = plans_of(rows_of(waiting), known, emails)
    for line, plan in zip(waiting, plans, strict=True):
        if not is_as_shown(plan, line.kind, line.person_id, line.changes):
            told = plan.faults or [("", _("It was changed since the preview."))]
            _leave_out(line, [list(fault) for fault in told])


def _leave_out(line: PeopleImportLine, told: list[list[str]]) -> None:
    line.state, line.omitted = LineState.LEFT_OUT, told


def _do(waiting: Lines, here: dict[str, int], acting: Acting) -> None:
    """Let each person come or change: all that a line says of them, or nothing."""
    places = _places(waiting)
    for line in waiting:
        if line.state != LineState.WAITING:
            continue
        try:
            (_let_come if line.kind == ImportKind.NEW else _change)(line, places, acting)
        except Refused as refused:
            _leave_out(line, [["", str(refused)]])
            continue
        line.state = LineState.COME if "manager" in line.changes else LineState.DONE
        assert line.person_id is not None  # noqa: S101 - who came has got an id
        here[line.said["email"]] = line.person_id


def _let_come(
    line: PeopleImportLine, places: Mapping[str, Mapping[int, Any]], acting: Acting
) -> None:
    fields = _fields(line.changes, places)
    if attributes := _attributes(line.changes, {}):
        fields["attributes"] = attributes
    if "is_active" in line.changes:
        fields["is_active"] = line.changes["is_active"]["after"]
    said = line.said
    line.person_id = provision_person(said["email"], said["name"], **acting, **fields).pk


@transaction.atomic
def _change(
    line: PeopleImportLine, places: Mapping[str, Mapping[int, Any]], acting: Acting
) -> None:
    changes, pk = line.changes, line.person_id or 0
    fields = _fields(changes, places)
    for column in ("email", "name"):
        if column in changes:
            fields[column] = changes[column]["after"]
    if any(attribute_of(column) is not None for column in changes):
        fields["attributes"] = _attributes(changes, User.objects.get(pk=pk).attributes)
    if fields:
        reprovision_person(pk, fields, **acting)
    if "is_active" in changes:
        verb = reactivate_person if changes["is_active"]["after"] else deactivate_person
        verb(pk, **acting)


def _fields(
    changes: Mapping[str, Change], places: Mapping[str, Mapping[int, Any]]
) -> dict[str, Any]:
    """Return what the verbs of people are told: rows in the place of their ids."""
    fields: dict[str, Any] = {}
    for column, change in changes.items():
        if column in APART or attribute_of(column) is not None:
            continue
        after = change["after"]
        fields[column] = places[column][after] if column in PLACES and after else after
    return fields


def _attributes(changes: Mapping[str, Change], present: Mapping[str, Any]) -> dict[str, Any]:
    told = {attribute_of(column): change["after"] for column, change in changes.items()}
    merged = {**present, **{name: value for name, value in told.items() if name is not None}}
    return {name: value for name, value in merged.items() if value is not None}


def _places(lines: Iterable[PeopleImportLine]) -> dict[str, dict[int, Any]]:
    """Return by column the rows that are named, by their ids."""
    found: dict[str, dict[int, Any]] = {}
    for column, model in PLACES.items():
        ids = {one.changes[column]["after"] for one in lines if column in one.changes} - {None}
        found[column] = model.objects.in_bulk(ids) if ids else {}
    return found


def _join(waiting: Lines, batch: PeopleImport, acting: Acting) -> None:
    """Put people into groups, each group once, and make the groups that are not there."""
    joining = [
        line for line in waiting if "groups" in line.changes and line.state != LineState.LEFT_OUT
    ]
    joins: dict[str, list[int]] = {}
    for line in joining:
        for name in line.changes["groups"]["after"]:
            joins.setdefault(name, []).append(line.person_id or 0)
    there = dict(Group.objects.filter(name__in=joins).values_list("name", "pk"))
    for name in sorted(joins.keys() - there.keys()):
        there[name] = create_group(name, **acting).pk
        batch.made_groups.append(there[name])
    for name, pk in sorted(there.items(), key=lambda item: item[1]):
        change_members(pk, add=joins[name], **acting)
    for line in joining:
        change = line.changes["groups"]
        change["after"] = [there[name] for name in change["after"]]


def _let_manage(waiting: Lines, came: Lines, here: Mapping[str, int], acting: Acting) -> None:
    """Give people their managers. One who came `waiting` for theirs is looked at once more."""
    for line in (*waiting, *came):
        if line.state != LineState.COME:
            continue
        change = line.changes["manager"]
        manager_id = here.get(line.said["manager"])
        if manager_id is not None:
            change["after"], line.state = manager_id, LineState.DONE
            manager = User(pk=manager_id)
            reprovision_person(line.person_id or 0, {"manager": manager}, **acting)
        elif line in came or line.kind == ImportKind.CHANGED:
            told = _("There is no such person.")
            line.omitted, line.state = [*line.omitted, ["manager", told]], LineState.DONE


def _write(lines: Lines, changed_since: set[int]) -> None:
    """Note how far it is. What somebody did to a person in between is not the import's own."""
    told = EventRecord.objects.aggregate(last=Max("pk"))["last"]
    for line in lines:
        if line.person_id not in changed_since:
            line.told = told
    rows = [{"id": one.pk, **{name: getattr(one, name) for name in WRITTEN}} for one in lines]
    update_rows(PeopleImportLine, WRITTEN, rows)


def _end(batch: PeopleImport, actor: User, now: datetime) -> None:
    """Note that the last line is done, and tell what all of them came to."""
    batch.status, batch.applied_at, batch.ended_at = ImportStatus.APPLIED, now, now
    kinds = list(batch.lines.filter(state=LineState.DONE).values_list("kind", flat=True))
    event = PeopleImported(
        tenant_id=batch.tenant_id,
        import_id=batch.pk,
        file_name=batch.file_name,
        new=kinds.count(ImportKind.NEW),
        changed=kinds.count(ImportKind.CHANGED),
        left_out=batch.lines.filter(state=LineState.LEFT_OUT).count(),
    )
    publish(event, actor=actor, now=now)
