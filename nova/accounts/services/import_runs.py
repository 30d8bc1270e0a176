"""Apply and undo imports of people, portion by portion."""

from datetime import datetime

from django.utils.translation import gettext as _

from nova.accounts import rules
from nova.accounts.choices import ImportStatus
from nova.accounts.events import PeopleImportStopped
from nova.accounts.models import PeopleImport, User
from nova.accounts.models.imports import IMPORT
from nova.accounts.permissions import SEE_VIPS
from nova.accounts.services.applying import apply_lines
from nova.accounts.services.undoing import undo_lines
from nova.events.bus import publish
from nova.portions import Halt, Work

STOPPED = {
    ImportStatus.APPLYING: ImportStatus.APPLY_STOPPED,
    ImportStatus.UNDOING: ImportStatus.UNDO_STOPPED,
}


def _do(batch: PeopleImport, now: datetime, size: int) -> None:
    is_applied = batch.status == ImportStatus.APPLYING
    (apply_lines if is_applied else undo_lines)(batch, _actor(batch), now, size)
    batch.save()


def _actor(batch: PeopleImport) -> User:
    """Return by whose right it is done. Raises `Halt` when they have it no more."""
    actor = _asker(batch)
    actor.permissions = rules.narrowed(actor.permissions, batch.rights)
    needed = {IMPORT, SEE_VIPS} if batch.tells_attributes else {IMPORT}
    if not actor.has_perms(needed):
        raise Halt(_("%(person)s may import this no more.") % {"person": actor})
    return actor


def _asker(batch: PeopleImport) -> User:
    return batch.actor or batch.author


def _stop(batch: PeopleImport, why: str, now: datetime) -> None:
    """Note that it goes no further, and why. What is done by then stays done."""
    batch.status, batch.problem = STOPPED[ImportStatus(batch.status)], why[:250]
    batch.ended_at = now
    batch.save(update_fields=["status", "problem", "ended_at"])
    event = PeopleImportStopped(
        tenant_id=batch.tenant_id,
        import_id=batch.pk,
        file_name=batch.file_name,
        done=batch.done,
        because=batch.problem,
    )
    publish(event, actor=_asker(batch), now=now)


IMPORTING = Work(
    task="accounts.import_people",
    size=100,
    at_work=PeopleImport.objects.at_work,
    do=_do,
    stop=_stop,
)
