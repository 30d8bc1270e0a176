"""A ticket's conversation as a page shows it: turns in order, events folded between them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from nova.accounts.models import User
from nova.events.models import EventRecord
from tickets.conversation import activity_of, activity_shape, comments_of, html_of
from tickets.files import may_preview
from tickets.lens import Lens
from tickets.models import Attachment, Comment, Ticket
from tickets.sentences import people_in, sentence

MOST_TURNS = 100
MOST_EVENTS = 500
# What stands in the conversation itself is told there, not among the changes.
TOLD = {"tickets.TicketOpened", "tickets.CommentAdded", "tickets.NoteAdded"}


@dataclass(frozen=True, slots=True)
class File:
    """A file beside words. `preview_url` is "" unless it may be an image."""

    pk: int
    name: str
    size: int
    url: str
    preview_url: str


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody's words. `pk` 0 is the report with which the ticket was opened."""

    pk: int
    author: str
    author_id: int
    written_at: datetime
    body_html: SafeString
    is_internal: bool = False
    is_unseen: bool = False
    on_behalf_of: str = ""
    attachments: tuple[File, ...] = ()
    edit_url: str = ""

    @property
    def at(self) -> datetime:
        return self.written_at


@dataclass(frozen=True, slots=True)
class Change:
    """One event in words; they follow the name of who did it."""

    pk: int
    at: datetime
    actor: str
    author_id: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Item:
    """What stands at one place: a turn, or changes folded; `is_first_unseen` is marked."""

    turn: Turn | None = None
    changes: tuple[Change, ...] = ()
    is_first_unseen: bool = False


@dataclass(frozen=True, slots=True)
class Timeline:
    """`newest` is the last event in view; `has_earlier`: older turns were left out."""

    items: tuple[Item, ...]
    newest: int
    has_earlier: bool


@dataclass(frozen=True, kw_only=True)
class Viewing:
    """Who looks, and when they looked before."""

    user: User
    since: datetime | None = None
    whole: bool = False

    @property
    def lens(self) -> Lens:
        return Lens.of(self.user)

    def is_news(self, fact: Turn | Change) -> bool:
        is_later = self.since is not None and fact.at > self.since
        return is_later and fact.author_id != self.user.pk


def timeline_of(ticket: Ticket, viewing: Viewing, files: Sequence[Attachment]) -> Timeline:
    """Return the conversation, oldest first; the newest part of it unless `whole`.

    `files` are those of the ticket that the viewer may see.
    """
    comments = _newest_comments(ticket, viewing)
    has_earlier = not viewing.whole and len(comments) > MOST_TURNS
    comments = comments[-MOST_TURNS:] if has_earlier else comments
    records = _newest_records(ticket, viewing)
    opening = _opening(ticket, viewing, files)
    turns = [opening, *(_turn(comment, ticket, viewing, files) for comment in comments)]
    shown = records
    if has_earlier:
        shown = [r for r in records if r.occurred_at >= comments[0].written_at]
    facts: list[Turn | Change] = [*turns, *_changes(_untold(shown, turns), viewing.user)]
    return Timeline(
        items=tuple(_folded(sorted(facts, key=_place), viewing)),
        newest=records[-1].pk if records else 0,
        has_earlier=has_earlier,
    )


def changes_of(ticket: Ticket, user: User) -> list[Change]:
    """Return what happened to a ticket in words, newest first."""
    records = activity_of(ticket, user).reverse()[:MOST_EVENTS]
    return _changes(list(records), user)


def changes_after(ticket: Ticket, user: User, event_id: int) -> list[tuple[EventRecord, Change]]:
    """Return what others did to a ticket after an event, oldest first."""
    records = activity_of(ticket, user).filter(pk__gt=event_id).exclude(actor=user)
    found = list(records[:MOST_EVENTS])
    return list(zip(found, _changes(found, user), strict=True))


def newest_event(ticket: Ticket) -> int:
    """Return the last event of a ticket: what a form that is shown now has in view."""
    records = EventRecord.objects.about("ticket", ticket.pk).order_by("-pk")
    return records.values_list("pk", flat=True).first() or 0


def _newest_comments(ticket: Ticket, viewing: Viewing) -> list[Comment]:
    comments = comments_of(ticket, viewing.lens).prefetch_related(None)
    comments = comments.order_by("-written_at", "-pk")
    return list(reversed(comments if viewing.whole else comments[: MOST_TURNS + 1]))


def _newest_records(ticket: Ticket, viewing: Viewing) -> list[EventRecord]:
    records = activity_of(ticket, viewing.user).order_by("-pk")
    return list(reversed(records if viewing.whole else records[:MOST_EVENTS]))


def _opening(ticket: Ticket, viewing: Viewing, files: Iterable[Attachment]) -> Turn:
    """Return the report. Files that its people sent without words belong to it."""
    people = {ticket.requester_id, ticket.submitted_by_id}
    own = [
        file
        for file in files
        if file.comment_id is None and file.uploaded_by_id in people and not file.is_internal
    ]
    for_other = ticket.requester_id != ticket.submitted_by_id
    can_edit = viewing.lens.desk and viewing.user.has_perm("tickets.edit_ticket")
    edit = reverse("tickets:fact", args=[ticket.reference, "description"])
    return Turn(
        pk=0,
        author=str(ticket.submitted_by),
        author_id=ticket.submitted_by_id,
        written_at=ticket.opened_at,
        body_html=words_html(ticket.description or ticket.title),
        on_behalf_of=str(ticket.requester) if for_other else "",
        attachments=_files(ticket, own),
        edit_url=edit if can_edit else "",
    )


def _turn(comment: Comment, ticket: Ticket, viewing: Viewing, files: Iterable[Attachment]) -> Turn:
    turn = Turn(
        pk=comment.pk,
        author=str(comment.author),
        author_id=comment.author_id,
        written_at=comment.written_at,
        body_html=words_html(comment.body),
        is_internal=comment.is_internal,
        on_behalf_of=str(comment.on_behalf_of or ""),
        attachments=_files(ticket, (file for file in files if file.comment_id == comment.pk)),
    )
    return replace(turn, is_unseen=viewing.is_news(turn))


def _files(ticket: Ticket, files: Iterable[Attachment]) -> tuple[File, ...]:
    return tuple(file_shown(ticket, file) for file in files)


def file_shown(ticket: Ticket, file: Attachment) -> File:
    """Return a file as a page shows it."""
    place = [ticket.reference, file.key]
    preview = reverse("tickets:preview", args=place) if may_preview(file) else ""
    return File(file.pk, file.name, file.size, reverse("tickets:file", args=place), preview)


def _untold(records: Sequence[EventRecord], turns: Sequence[Turn]) -> list[EventRecord]:
    files = {file.pk for turn in turns for file in turn.attachments}
    return [
        record
        for record in records
        if record.name not in TOLD and record.payload.get("attachment_id") not in files
    ]


def _changes(records: Sequence[EventRecord], user: User) -> list[Change]:
    facts = [(record, activity_shape(record, user)["payload"]) for record in records]
    names = _names({pk for _record, payload in facts for pk in people_in(payload)})
    return [
        Change(
            pk=record.pk,
            at=record.occurred_at,
            actor=str(record.actor),
            author_id=record.actor_id,
            sentence=sentence(record.name, {**payload, "actor_id": record.actor_id}, names),
        )
        for record, payload in facts
    ]


def _names(ids: set[int]) -> dict[int, str]:
    found = User.objects.filter(pk__in=ids) if ids else User.objects.none()
    return {person.pk: str(person) for person in found.only("name", "email")}


def _place(fact: Turn | Change) -> tuple[Any, ...]:
    """Order by time; of one instant the words come first, then what followed from them."""
    return fact.at, isinstance(fact, Change), fact.pk


def _folded(facts: Sequence[Turn | Change], viewing: Viewing) -> Iterator[Item]:
    """Fold events that stand together, but not across the place where news begins."""
    news = next((fact for fact in facts if viewing.is_news(fact)), None)
    start = facts.index(news) if news else len(facts)
    yield from _items(facts[:start], is_news=False)
    yield from _items(facts[start:], is_news=True)


def _items(facts: Sequence[Turn | Change], *, is_news: bool) -> Iterator[Item]:
    is_first = is_news
    for is_turn, group in groupby(facts, key=lambda fact: isinstance(fact, Turn)):
        found: list[Any] = list(group)
        items = [Item(turn=t) for t in found] if is_turn else [Item(changes=tuple(found))]
        for item in items:
            yield Item(item.turn, item.changes, is_first_unseen=is_first)
            is_first = False


def words_html(body: str) -> SafeString:
    """Return Markdown as safe HTML for a template."""
    return mark_safe(html_of(body))  # noqa: S308  sanitised there
