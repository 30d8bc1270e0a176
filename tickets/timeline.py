"""A ticket's conversation as a page shows it: turns in order, events folded between them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from nova.accounts.models import User
from nova.events.models import EventRecord
from tickets.conversation import html_of
from tickets.files import may_preview
from tickets.lens import Lens
from tickets.models import Attachment, Ticket
from tickets.reading import Happened, Said, happened_to, names_of, said_on
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
    """One event in words; they follow the name of who did it, and for whom if not themselves."""

    pk: int
    at: datetime
    actor: str
    author_id: int
    sentence: str
    on_behalf_of: str = ""


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
    whole = viewing.whole
    report, *said = said_on(ticket, viewing.lens, most=None if whole else MOST_TURNS + 1)
    has_earlier = not whole and len(said) > MOST_TURNS
    said = said[-MOST_TURNS:] if has_earlier else said
    happened = happened_to(ticket, viewing.user, most=None if whole else MOST_EVENTS)
    opening = _opening(ticket, report, viewing, files)
    turns = [opening, *(_turn(words, ticket, viewing, files) for words in said)]
    shown = (
        [fact for fact in happened if fact.at >= said[0].written_at] if has_earlier else happened
    )
    facts: list[Turn | Change] = [*turns, *_changes(_untold(shown, turns))]
    return Timeline(
        items=tuple(_folded(sorted(facts, key=_place), viewing)),
        newest=happened[0].pk if happened else 0,
        has_earlier=has_earlier,
    )


def changes_of(ticket: Ticket, user: User) -> list[Change]:
    """Return what happened to a ticket in words, newest first."""
    return _changes(happened_to(ticket, user, most=MOST_EVENTS))


def changes_after(ticket: Ticket, user: User, event_id: int) -> list[tuple[Happened, Change]]:
    """Return what others did to a ticket after an event, oldest first."""
    later = reversed(happened_to(ticket, user, after=event_id, most=MOST_EVENTS))
    found = [fact for fact in later if fact.actor_id != user.pk]
    return list(zip(found, _changes(found), strict=True))


def newest_event(ticket: Ticket) -> int:
    """Return the last event of a ticket: what a form that is shown now has in view."""
    records = EventRecord.objects.about("ticket", ticket.pk).order_by("-pk")
    return records.values_list("pk", flat=True).first() or 0


def _opening(ticket: Ticket, report: Said, viewing: Viewing, files: Iterable[Attachment]) -> Turn:
    """Return the report. Files that its people sent without words belong to it."""
    people = {ticket.requester_id, ticket.submitted_by_id}
    own = [
        file
        for file in files
        if file.comment_id is None and file.uploaded_by_id in people and not file.is_internal
    ]
    can_edit = viewing.lens.desk and viewing.user.has_perm("tickets.edit_ticket")
    edit = reverse("tickets:fact", args=[ticket.reference, "description"])
    return _words(report, _files(ticket, own), edit_url=edit if can_edit else "")


def _turn(said: Said, ticket: Ticket, viewing: Viewing, files: Iterable[Attachment]) -> Turn:
    turn = _words(said, _files(ticket, (file for file in files if file.comment_id == said.pk)))
    return replace(turn, is_unseen=viewing.is_news(turn))


def _words(said: Said, files: tuple[File, ...], *, edit_url: str = "") -> Turn:
    return Turn(
        pk=said.pk,
        author=said.author,
        author_id=said.author_id,
        written_at=said.written_at,
        body_html=html_of(said.body),
        is_internal=said.is_internal,
        on_behalf_of=said.on_behalf_of or "",
        attachments=files,
        edit_url=edit_url,
    )


def _files(ticket: Ticket, files: Iterable[Attachment]) -> tuple[File, ...]:
    return tuple(file_shown(ticket, file) for file in files)


def file_shown(ticket: Ticket, file: Attachment) -> File:
    """Return a file as a page shows it."""
    place = [ticket.reference, file.key]
    preview = reverse("tickets:preview", args=place) if may_preview(file) else ""
    return File(file.pk, file.name, file.size, reverse("tickets:file", args=place), preview)


def _untold(happened: Iterable[Happened], turns: Sequence[Turn]) -> list[Happened]:
    files = {file.pk for turn in turns for file in turn.attachments}
    return [
        fact
        for fact in happened
        if fact.name not in TOLD and fact.payload.get("attachment_id") not in files
    ]


def _changes(happened: Sequence[Happened]) -> list[Change]:
    names = names_of({pk for fact in happened for pk in people_in(fact.payload)})
    return [
        Change(
            pk=fact.pk,
            at=fact.at,
            actor=fact.actor,
            author_id=fact.actor_id,
            sentence=sentence(fact.name, {**fact.payload, "actor_id": fact.actor_id}, names),
            on_behalf_of=fact.on_behalf_of or "",
        )
        for fact in happened
    ]


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
