"""How a file of people is previewed, and how its applying and undoing begin."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from psycopg.errors import UniqueViolation

from nova.accounts.choices import ImportKind, ImportStatus, LineState
from nova.accounts.csv_rows import attribute_of, read_people
from nova.accounts.events import PeopleImportStarted
from nova.accounts.import_known import known_of, rows_of
from nova.accounts.import_plan import Plan, is_as_shown, plans_of
from nova.accounts.models import PeopleImport, PeopleImportLine, User
from nova.accounts.permissions import SEE_VIPS
from nova.accounts.services.import_runs import IMPORTING
from nova.errors import Refused
from nova.events.bus import publish
from nova.tenancy.rows import insert_rows

LINE = (
    *("tenant_id", "batch_id", "line", "said", "read", "kind", "faults", "changes", "state"),
    *("omitted", "person_id"),
)


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
    batch = PeopleImport.objects.create(
        tenant_id=actor.tenant_id,
        file_name=file_name[-150:],
        author=actor,
        created_at=now,
        moved_at=now,
        tells_attributes=tells_attributes,
        counts={kind.value: sum(plan.kind == kind for plan in plans) for kind in ImportKind},
    )
    insert_rows(PeopleImportLine, LINE, [_kept(plan, batch) for plan in plans])
    return batch


@transaction.atomic
def apply_import(import_id: int, *, actor: User, now: datetime) -> PeopleImport:
    """Begin to do what a preview showed; one that stopped midway goes on from there.

    Rows with errors are left out. Raises `Refused` where that is no longer what would be done,
    where there is nothing to do, and while another one is being applied or undone.
    """
    batch = _held(import_id)
    if not batch.may_apply:
        raise Refused(_("There is nothing to apply."))
    if batch.status == ImportStatus.PREVIEWED:
        _refuse_stale(batch, actor)
        batch.done, batch.to_do = 0, batch.will_change
    _start(batch, ImportStatus.APPLYING, actor, now)
    return batch


@transaction.atomic
def undo_import(import_id: int, *, actor: User, now: datetime) -> PeopleImport:
    """Begin to let those go who came with an import, and to put the others back.

    What somebody else has changed since is left as it is, and the row says so. Raises `Refused`
    where there is nothing to undo, and while another one is being applied or undone.
    """
    batch = _held(import_id)
    if not batch.may_undo:
        raise Refused(_("There is nothing to undo."))
    if batch.status != ImportStatus.UNDO_STOPPED:
        batch.done, batch.to_do = 0, batch.lines.to_undo().count()
    _start(batch, ImportStatus.UNDOING, actor, now)
    return batch


def _held(import_id: int) -> PeopleImport:
    batch = PeopleImport.objects.select_for_update(of=("self",)).get(pk=import_id)
    if PeopleImport.objects.at_work().exists():
        raise Refused(_busy())
    return batch


def _busy() -> str:
    return _("An import is being applied or undone. Wait until it is done.")


def _refuse_stale(batch: PeopleImport, actor: User) -> None:
    lines = list(batch.lines.order_by("pk"))
    rows = rows_of(lines)
    plans = plans_of(rows, known_of(rows, actor))
    for plan, line in zip(plans, lines, strict=True):
        if not is_as_shown(plan, line.kind, line.person_id, line.changes):
            raise Refused(_("People have changed since. Preview the file again."))


def _start(batch: PeopleImport, status: ImportStatus, actor: User, now: datetime) -> None:
    """Let it be done from now on, by the right of `actor`. Of two that start one is first."""
    batch.status, batch.actor, batch.rights = status, actor, sorted(actor.permissions)
    batch.moved_at, batch.ended_at, batch.attempts, batch.problem = now, None, 0, ""
    try:
        with transaction.atomic():
            batch.save()
    except IntegrityError as error:
        if not isinstance(error.__cause__, UniqueViolation):
            raise
        raise Refused(_busy()) from error
    event = PeopleImportStarted(
        tenant_id=batch.tenant_id,
        import_id=batch.pk,
        file_name=batch.file_name,
        people=batch.to_do - batch.done,
        is_undo=status == ImportStatus.UNDOING,
    )
    publish(event, actor=actor, now=now)
    IMPORTING.go_on(batch)


def _kept(plan: Plan, batch: PeopleImport) -> dict[str, Any]:
    return {
        "tenant_id": batch.tenant_id,
        "batch_id": batch.pk,
        "line": plan.row.line,
        "said": dict(plan.row.said),
        "read": plan.row.faults,
        "kind": plan.kind,
        "faults": plan.faults,
        "changes": plan.changes,
        "state": LineState.WAITING,
        "omitted": [],
        "person_id": plan.person_id,
    }
