"""What people say about a ticket, send with it, and record on it."""

import hashlib
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import PurePath

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from nova.accounts.models import User
from nova.errors import Refused
from nova.events.bus import publish
from nova.postgres.rollback import on_rollback
from tickets.choices import Status
from tickets.events import (
    CommentAdded,
    FileAttached,
    NoteAdded,
    TimeTracked,
    WatcherAdded,
    WatcherRemoved,
)
from tickets.models import Attachment, Comment, DeskSettings, Ticket, TimeEntry, Watcher
from tickets.services.locking import hold, write_changed
from tickets.services.moving import Move, move_held

RECORDABLE = timedelta(days=366)


@transaction.atomic
def add_comment(
    ticket_id: int,
    body: str,
    *,
    actor: User,
    now: datetime,
    is_internal: bool = False,
    seen: int | None = None,
    on_behalf_of: User | None = None,
) -> Comment:
    """Say something on a ticket. An answer of the requester ends the wait for it.

    `on_behalf_of` is in whose name the actor speaks, if not in their own: the requester's.
    `seen` is the ticket's version that the writer had in view: a reply over a colleague's
    unseen one raises `Stale`, so that nobody answers twice.
    """
    ticket = hold(ticket_id, version=seen)
    comment = Comment.objects.create(
        tenant_id=ticket.tenant_id,
        ticket=ticket,
        author=actor,
        on_behalf_of=on_behalf_of,
        body=body,
        is_internal=is_internal,
        written_at=now,
    )
    is_own = actor.pk in (ticket.requester_id, ticket.submitted_by_id)
    is_theirs = is_own or on_behalf_of is not None
    is_response = not (is_internal or is_theirs or ticket.responded_at)
    _touch(ticket, now, responded=is_response)
    event = _said(comment, is_response=is_response, is_theirs=is_theirs)
    publish(event, actor=actor, on_behalf_of=on_behalf_of, now=now)
    if is_theirs and not is_internal and ticket.status == Status.AWAITING_CUSTOMER:
        move = Move(to=Status.IN_PROGRESS, reason=_("The requester answered"))
        move_held([ticket], move, actor=actor, on_behalf_of=on_behalf_of, now=now)
    return comment


@transaction.atomic
def attach_file(
    ticket_id: int,
    upload: UploadedFile,
    *,
    actor: User,
    now: datetime,
    is_internal: bool = False,
    comment: Comment | None = None,
    on_behalf_of: User | None = None,
) -> Attachment:
    """Store a file with a ticket, within the tenant's bounds of size and count."""
    ticket = hold(ticket_id)
    _check_bounds(ticket, upload)
    attachment = Attachment(
        tenant_id=ticket.tenant_id,
        ticket=ticket,
        comment=comment,
        is_internal=is_internal,
        uploaded_by=actor,
        uploaded_at=now,
    )
    _store(attachment, upload)
    _touch(ticket, now)
    publish(_attached(attachment), actor=actor, on_behalf_of=on_behalf_of, now=now)
    return attachment


@transaction.atomic
def add_watcher(ticket: Ticket, person: User, *, actor: User, now: datetime) -> None:
    """Tell a person of what happens to a ticket from now on. Twice is once."""
    _, is_new = Watcher.objects.get_or_create(
        ticket=ticket, person=person, defaults={"tenant_id": ticket.tenant_id, "since": now}
    )
    if is_new:
        event = WatcherAdded(tenant_id=ticket.tenant_id, ticket_id=ticket.pk, person_id=person.pk)
        publish(event, actor=actor, now=now)


@transaction.atomic
def remove_watcher(ticket: Ticket, person: User, *, actor: User, now: datetime) -> None:
    """Stop telling a person. Someone who does not watch stays so."""
    removed, _rows = Watcher.objects.filter(ticket=ticket, person=person).delete()
    if removed:
        event = WatcherRemoved(
            tenant_id=ticket.tenant_id, ticket_id=ticket.pk, person_id=person.pk
        )
        publish(event, actor=actor, now=now)


@transaction.atomic
def track_time(
    ticket: Ticket,
    minutes: int,
    *,
    worked_on: date,
    actor: User,
    now: datetime,
    note: str = "",
    is_billable: bool = False,
) -> TimeEntry:
    """Record work done on a ticket, in whole minutes.

    Raises `Refused` for a day that is long gone, or still to come wherever one is.
    """
    today = now.date()
    if not today - RECORDABLE <= worked_on <= today + timedelta(days=1):
        raise Refused(_("Give a day of the last year on which the work was done."))
    entry = TimeEntry.objects.create(
        tenant_id=ticket.tenant_id,
        ticket=ticket,
        person=actor,
        minutes=minutes,
        note=note,
        is_billable=is_billable,
        worked_on=worked_on,
        recorded_at=now,
    )
    event = TimeTracked(
        tenant_id=ticket.tenant_id, ticket_id=ticket.pk, minutes=minutes, is_billable=is_billable
    )
    publish(event, actor=actor, now=now)
    return entry


def _said(comment: Comment, *, is_response: bool, is_theirs: bool) -> CommentAdded | NoteAdded:
    named = {
        "tenant_id": comment.tenant_id,
        "ticket_id": comment.ticket_id,
        "comment_id": comment.pk,
    }
    if comment.is_internal:
        return NoteAdded(**named)
    return CommentAdded(**named, is_response=is_response, is_theirs=is_theirs)


def _attached(attachment: Attachment) -> FileAttached:
    return FileAttached(
        tenant_id=attachment.tenant_id,
        ticket_id=attachment.ticket_id,
        attachment_id=attachment.pk,
        file_name=attachment.name,
        is_internal=attachment.is_internal,
    )


def _touch(ticket: Ticket, now: datetime, *, responded: bool = False) -> None:
    if responded:
        ticket.responded_at = now
    write_changed([ticket], ["responded_at"], now=now)


def _store(attachment: Attachment, upload: UploadedFile) -> None:
    """Store the file, then its row. A file whose row is rolled back goes with it."""
    attachment.name = _name_of(upload)
    attachment.media_type = _media_type_of(upload)
    attachment.size = upload.size or 0
    attachment.sha256 = _digest_of(upload)
    file = attachment.file
    file.save(attachment.name, upload, save=False)
    on_rollback(partial(file.storage.delete, str(file.name)))
    attachment.save(force_insert=True)


def _digest_of(upload: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()


def _name_of(upload: UploadedFile) -> str:
    """Return the sender's name of a file, shortened where it must be; its ending stays."""
    most = Attachment._meta.get_field("name").max_length or 0
    name = PurePath(upload.name or "file")
    if len(name.name) <= most:
        return name.name
    ending = name.suffix[:20]
    return name.stem[: most - len(ending)] + ending


def _media_type_of(upload: UploadedFile) -> str:
    most = Attachment._meta.get_field("media_type").max_length or 0
    stated = upload.content_type or ""
    return stated if 0 < len(stated) <= most else "application/octet-stream"


def _check_bounds(ticket: Ticket, upload: UploadedFile) -> None:
    desk = DeskSettings.objects.get(tenant_id=ticket.tenant_id)
    if (upload.size or 0) > desk.max_attachment_bytes:
        mib = desk.max_attachment_bytes >> 20
        raise Refused(
            _("%(name)s is larger than %(mib)s MiB.") % {"name": upload.name, "mib": mib}
        )
    if Attachment.objects.filter(ticket=ticket).count() >= desk.max_attachments:
        raise Refused(_("%(ticket)s holds no more files.") % {"ticket": ticket.reference})
