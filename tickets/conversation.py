"""Comments, files, activity and working time of a ticket, as the API and pages show them."""

from datetime import datetime
from functools import lru_cache
from typing import Any

import nh3
from django.db.models import QuerySet
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from nova.accounts.models import User
from nova.events import lens as facts
from nova.events.models import EventQuerySet, EventRecord
from tickets.lens import Lens
from tickets.models import Attachment, Comment, Rating, Ticket, TimeEntry

MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table"])
TAGS = {
    *("p", "br", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li", "a", "hr"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
}
CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes={"a": {"href", "title"}},
    url_schemes={"http", "https", "mailto"},
    link_rel="noopener noreferrer nofollow",
)
KEPT, LONGEST_KEPT = 1024, 2000


def html_of(body: str) -> SafeString:
    """Return Markdown as HTML that is safe to show: no raw HTML, no image, no script."""
    return _kept_html(body) if len(body) <= LONGEST_KEPT else _html(body)


def _html(body: str) -> SafeString:
    return mark_safe(CLEANER.clean(MARKDOWN.render(body)))  # noqa: S308  it has been cleaned


# A conversation is drawn anew, for each of its readers, whenever something happens to its ticket.
_kept_html = lru_cache(maxsize=KEPT)(_html)


def comments_of(ticket: Ticket, lens: Lens) -> QuerySet[Comment]:
    """Return the conversation, oldest first, without notes for those who may not read them."""
    comments = ticket.comments.select_related("author", "on_behalf_of")
    comments = comments.prefetch_related("attachments")
    visible = comments if lens.notes else comments.filter(is_internal=False)
    return visible.order_by("written_at", "pk")


def attachments_of(ticket: Ticket, lens: Lens) -> QuerySet[Attachment]:
    """Return the files, oldest first, without internal ones for those who may not see them."""
    files = Attachment.objects.filter(ticket=ticket).order_by("pk")
    return files if lens.notes else files.filter(is_internal=False)


def comment_shape(comment: Comment, lens: Lens) -> dict[str, Any]:
    shape = {
        "id": comment.pk,
        "author": _person(comment.author),
        "on_behalf_of": _person(comment.on_behalf_of) if comment.on_behalf_of else None,
        "body": comment.body,
        "html": html_of(comment.body),
        "written_at": _instant(comment.written_at),
        "attachments": [str(file.key) for file in comment.attachments.all()],
    }
    return {**shape, "is_internal": comment.is_internal} if lens.desk else shape


def attachment_shape(file: Attachment) -> dict[str, Any]:
    return {
        "key": str(file.key),
        "name": file.name,
        "media_type": file.media_type,
        "size": file.size,
        "sha256": file.sha256,
        "uploaded_by": _person(file.uploaded_by),
        "uploaded_at": _instant(file.uploaded_at),
    }


def activity_of(ticket: Ticket, user: User) -> EventQuerySet:
    """Return what happened to a ticket, oldest first, as far as `user` may learn of it."""
    records = EventRecord.objects.about("ticket", ticket.pk)
    records = records.select_related("actor", "on_behalf_of")
    if Lens.of(user).desk:
        return records.exclude(name__in=facts.hidden_names(user.has_perm))
    return records.filter(name__in=facts.public_names())


def activity_shape(record: EventRecord, user: User) -> dict[str, Any]:
    fact = {
        "name": record.name,
        "actor": _person(record.actor),
        "on_behalf_of": _person(record.on_behalf_of) if record.on_behalf_of else None,
        "occurred_at": _instant(record.occurred_at),
        "payload": record.payload,
    }
    return facts.shown(fact, user.has_perm)


def time_shape(entry: TimeEntry) -> dict[str, Any]:
    return {
        "id": entry.pk,
        "person": _person(entry.person),
        "minutes": entry.minutes,
        "note": entry.note,
        "is_billable": entry.is_billable,
        "worked_on": entry.worked_on.isoformat(),
    }


def rating_shape(rating: Rating) -> dict[str, Any]:
    return {
        "score": rating.score,
        "comment": rating.comment,
        "rated_by": _person(rating.rated_by),
        "on_behalf_of": _person(rating.on_behalf_of) if rating.on_behalf_of else None,
        "rated_at": _instant(rating.rated_at),
    }


def _person(person: User) -> dict[str, Any]:
    return {"id": person.pk, "name": person.name}


def _instant(at: datetime) -> str:
    return at.isoformat()
