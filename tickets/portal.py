"""A ticket as its requester sees it: where it stands, in friendly words, and who said what.

Whatever differs for a VIP is never read here, so that nothing made from it can tell one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nova.accounts.models import User
from tickets.choices import FieldType, Status
from tickets.conversation import attachments_of, comments_of, html_of
from tickets.files import may_preview
from tickets.lens import Lens
from tickets.models import Attachment, Comment, CustomField, StageVisit, Ticket, TicketQuerySet

REQUESTER = Lens()  # also for a technician: in the portal everybody is a requester
ORDER = ("is_done", "-opened_at", "-pk")
# What the portal reads of a ticket for a line of the list, and for its page; and no more.
LINE = (
    *("number", "title", "status", "is_done", "opened_at", "tenant"),
    *("requester__name", "requester__email", "submitted_by__name"),
)
PAGE = (
    *LINE,
    *("description", "kind", "resolution", "location", "custom_fields"),
    *("resolved_at", "closed_at", "category__name", "assignee", "merged_into"),
)
PATH = (
    (Status.NEW, gettext_lazy("Received")),
    (Status.IN_PROGRESS, gettext_lazy("Being looked at")),
    (Status.RESOLVED, gettext_lazy("Solved")),
)
# Which of these steps each stage of the desk's is to a requester.
STEPS = {
    Status.NEW: 0,
    Status.REOPENED: 0,
    Status.ACKNOWLEDGED: 1,
    Status.DIAGNOSING: 1,
    Status.IN_PROGRESS: 1,
    Status.AWAITING_CUSTOMER: 1,
    Status.AWAITING_DEPENDENCY: 1,
    Status.RESOLVED: 2,
    Status.CLOSED: 2,
}
WORDS = {
    Status.REOPENED: gettext_lazy("Received again"),
    Status.AWAITING_CUSTOMER: gettext_lazy("Waiting for you"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One mark of the friendly track. `at` is when it was reached, where that is known."""

    label: str
    state: str  # done, skipped, current, waiting, todo
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a person's list. `for_whom` is "" where it is for the person itself."""

    reference: str
    title: str
    url: str
    word: str
    track: list[Step]
    is_done: bool
    is_waiting: bool
    opened_at: datetime
    for_whom: str


@dataclass(frozen=True, slots=True)
class Given:
    """One thing that the requester told with their report."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class File:
    """A file of the conversation, and where to get it."""

    name: str
    size: int
    url: str
    preview_url: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One turn of the conversation, as `nova.web.conversation` draws it."""

    pk: str
    author: str
    written_at: datetime
    body_html: SafeString
    attachments: tuple[File, ...]
    is_internal: bool = False
    is_unseen: bool = False
    on_behalf_of: str = ""
    edit_url: str = ""


def own_tickets(person: User) -> TicketQuerySet:
    """Return what a person's portal shows: open first, then earlier; newest first in each."""
    tickets = Ticket.objects.concerning(person).order_by(*ORDER)
    return tickets.select_related("requester", "submitted_by").only(*LINE)


def own_ticket(person: User, reference: str) -> Ticket:
    """Return one ticket with all that its page shows. Raises `Ticket.DoesNotExist`."""
    tickets = own_tickets(person).select_related("category", "requester", "submitted_by")
    return tickets.only(*PAGE).get(number=int(reference[2:]))


def row_of(ticket: Ticket, viewer: User) -> Row:
    """Return one line of a person's list."""
    return Row(
        reference=ticket.reference,
        title=ticket.title,
        url=reverse("portal:ticket", args=[ticket.reference]),
        word=word_of(ticket.status),
        track=track_of(ticket.status),
        is_done=ticket.is_done,
        is_waiting=ticket.status == Status.AWAITING_CUSTOMER,
        opened_at=ticket.opened_at,
        for_whom="" if ticket.requester_id == viewer.pk else ticket.requester.name,
    )


def word_of(status: str) -> str:
    """Return where a ticket stands, in a requester's words."""
    return str(WORDS.get(Status(status)) or PATH[STEPS[Status(status)]][1])


def track_of(status: str, visits: Iterable[StageVisit] = ()) -> list[Step]:
    """Return the track of a ticket; with its visits of stages, also since when."""
    here = STEPS[Status(status)]
    since = _reached(visits, here)
    return [_step(place, here, status, since) for place in range(len(PATH))]


def _step(place: int, here: int, status: str, since: dict[int, datetime]) -> Step:
    if place == here:
        state = "waiting" if status == Status.AWAITING_CUSTOMER else "current"
        return Step(word_of(status), state, since.get(place))
    word = str(PATH[place][1])
    if place > here:
        return Step(word, "todo")
    is_skipped = bool(since) and place not in since
    return Step(word, "skipped" if is_skipped else "done", since.get(place))


def _reached(visits: Iterable[StageVisit], here: int) -> dict[int, datetime]:
    """Return when each step was last reached; but what is looked at was received once."""
    runs = groupby(visits, key=lambda visit: STEPS[Status(visit.status)])
    reached: dict[int, datetime] = {}
    for place, stay in runs:
        if place > 0 or here == 0 or place not in reached:
            reached[place] = next(stay).entered_at
    return reached


def files_of(ticket: Ticket) -> QuerySet[Attachment]:
    """Return the files that the requester may have."""
    return attachments_of(ticket, REQUESTER).exclude(comment__is_internal=True)


def conversation_of(ticket: Ticket, viewer: User) -> list[Entry]:
    """Return the report itself and all that was said to the requester since, oldest first."""
    files = files_of(ticket).filter(comment=None)
    first = Entry(
        pk="report",
        author=_name(ticket.submitted_by, viewer),
        written_at=ticket.opened_at,
        body_html=html_of(ticket.description or ticket.title),
        attachments=_files(ticket, files),
        on_behalf_of=_for_whom(ticket, viewer),
    )
    return [first, *(_entry(ticket, said, viewer) for said in comments_of(ticket, REQUESTER))]


def given_of(ticket: Ticket) -> list[Given]:
    """Return what the requester told beside the words: category, place, the portal's fields."""
    given = [Given(_("About"), ticket.category.name)] if ticket.category else []
    if ticket.location:
        given.append(Given(_("Where"), ticket.location))
    values = ticket.custom_fields
    return given + [
        Given(field.label, _said(field, values[field.key]))
        for field in portal_fields(ticket.kind)
        if values.get(field.key) is not None
    ]


def portal_fields(kind: str) -> Iterable[CustomField]:
    """Return the tenant's own fields that requesters fill and see."""
    return [field for field in CustomField.objects.of_kind(kind) if field.is_in_portal]


def _entry(ticket: Ticket, said: Comment, viewer: User) -> Entry:
    public = [file for file in said.attachments.all() if not file.is_internal]
    return Entry(
        pk=str(said.pk),
        author=_name(said.author, viewer),
        on_behalf_of=_behind(said.on_behalf_of, viewer),
        written_at=said.written_at,
        body_html=html_of(said.body),
        attachments=_files(ticket, public),
    )


def _files(ticket: Ticket, files: Iterable[Attachment]) -> tuple[File, ...]:
    return tuple(_file(file, [ticket.reference, str(file.key)]) for file in files)


def _file(file: Attachment, names: list[str]) -> File:
    preview_url = reverse("portal:preview", args=names) if may_preview(file) else ""
    return File(file.name, file.size, reverse("portal:file", args=names), preview_url)


def _for_whom(ticket: Ticket, viewer: User) -> str:
    is_for_another = ticket.requester_id != ticket.submitted_by_id
    return _behind(ticket.requester if is_for_another else None, viewer)


def _behind(person: User | None, viewer: User) -> str:
    """Return in whose name something was said, in the middle of a sentence; "": one's own."""
    if person is None:
        return ""
    return _("you") if person.pk == viewer.pk else person.name


def _name(person: User, viewer: User) -> str:
    return _("You") if person.pk == viewer.pk else person.name


def _said(field: CustomField, value: Any) -> str:
    if field.type == FieldType.BOOLEAN:
        return _("Yes") if value else _("No")
    return str(value)
