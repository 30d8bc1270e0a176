"""A conversation, its turns and what happened between, for desk and portal. Pure: no queries."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Protocol

from django.template.defaultfilters import filesizeformat
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from nova.web.drawing import NOTHING, draw, joined
from nova.web.icons import icon
from nova.web.marks import initials, moment
from nova.web.words import Reader, Words

ENTRY = """<li class="entry{kind}" id="entry-{pk}"{unseen}>
  <span class="avatar large" aria-hidden="true">{letters}</span>
  <header>
    <b>{author}</b> {badge} {other} {at} {edit} {news}
  </header>
  <div class="entry-body">
    <div class="entry-words">{words}</div>
    {files}
  </div>
</li>
"""
NOTE = '<span class="badge">{lock}{note}</span>'
OTHER = '<span class="entry-by">{words}</span>'
EDIT = (
    '<a class="why entry-edit" href="{url}" hx-get="{url}" hx-target="next .entry-words">'
    "{edit}</a>"
)
NEWS = '<span class="sr">{words}</span>'
FILES = '<ul class="attachments">{files}</ul>'
FILE = (
    '<li>{preview}<a class="chip" href="{url}" download>{clip}{name}'
    ' <span class="chip-name">{size}</span></a></li>'
)
PREVIEW = (
    '<a class="file-preview" href="{url}" target="_blank" rel="noopener">'
    '<img src="{url}" alt="{name}" loading="lazy" height="144"></a>'
)
CHANGES = """<li>
  <details class="changes" id="changes-{pk}">
    <summary>{arrow}{count}</summary>
    <ul>{changes}</ul>
  </details>
</li>
"""
CHANGE = "<li><b>{actor}</b>{other} {sentence} · {at}</li>"
FOR = ' <span class="change-for">{words}</span>'
SEEN = '<li class="seen-line" id="since-you-looked">{words}</li>\n'


class File(Protocol):
    """A file beside words. `preview_url` is "" unless it may be an image."""

    name: str
    size: int
    url: str
    preview_url: str


class Turn(Protocol):
    """Somebody's words; `body_html` has been made safe."""

    pk: int | str
    author: str
    written_at: datetime
    body_html: SafeString
    is_internal: bool
    is_unseen: bool
    on_behalf_of: str
    attachments: Sequence[File]
    edit_url: str


class Change(Protocol):
    """One event in words; they follow the name of who did it, and for whom if not themselves."""

    pk: int
    at: datetime
    actor: str
    sentence: str
    on_behalf_of: str


class Item(Protocol):
    """What stands at one place: a turn, or changes folded; before news stands a line."""

    turn: Turn | None
    changes: Sequence[Change]
    is_first_unseen: bool


def timeline(items: Iterable[Item], reader: Reader) -> SafeString:
    """Draw a conversation with what happened between its turns."""
    return joined("", [_item(item, reader) for item in items])


def entry(turn: Turn, reader: Reader) -> SafeString:
    """Draw one turn."""
    say = reader.words.gettext
    return draw(
        ENTRY,
        kind=" note" if turn.is_internal else "",
        pk=str(turn.pk),
        unseen=" data-unseen" if turn.is_unseen else "",
        letters=initials(turn.author),
        author=turn.author,
        badge=_note(say) if turn.is_internal else NOTHING,
        other=_other(turn.on_behalf_of, say) if turn.on_behalf_of else NOTHING,
        at=moment(turn.written_at, reader),
        edit=draw(EDIT, url=turn.edit_url, edit=say("Edit")) if turn.edit_url else NOTHING,
        news=draw(NEWS, words=say("new since you looked")) if turn.is_unseen else NOTHING,
        words=turn.body_html,
        files=_files(turn.attachments) if turn.attachments else NOTHING,
    )


def _item(item: Item, reader: Reader) -> SafeString:
    drawn = entry(item.turn, reader) if item.turn else _changes(item.changes, reader)
    return _seen_line(reader.words) + drawn if item.is_first_unseen else drawn


def _changes(changes: Sequence[Change], reader: Reader) -> SafeString:
    count = len(changes)
    rows = [_change(change, reader) for change in changes]
    return draw(
        CHANGES,
        pk=str(changes[0].pk),
        arrow=icon("chevron-right", 14),
        count=ngettext("%(count)s change", "%(count)s changes", count) % {"count": count},
        changes=joined("", rows),
    )


def _change(change: Change, reader: Reader) -> SafeString:
    name, say = change.on_behalf_of, reader.words.gettext
    return draw(
        CHANGE,
        actor=change.actor,
        other=draw(FOR, words=say("for {name}").format(name=name)) if name else NOTHING,
        sentence=change.sentence,
        at=moment(change.at, reader),
    )


def _seen_line(words: Words) -> SafeString:
    return draw(SEEN, words=words.gettext("since you looked"))


def _note(say: Callable[[str], str]) -> SafeString:
    return draw(NOTE, lock=icon("lock", 12), note=say("Internal note"))


def _other(name: str, say: Callable[[str], str]) -> SafeString:
    return draw(OTHER, words=say("on behalf of {name}").format(name=name))


def _files(files: Iterable[File]) -> SafeString:
    return draw(FILES, files=joined("", [_file(file) for file in files]))


def _file(file: File) -> SafeString:
    preview = draw(PREVIEW, url=file.preview_url, name=file.name)
    return draw(
        FILE,
        preview=preview if file.preview_url else NOTHING,
        url=file.url,
        clip=icon("paperclip", 14),
        name=file.name,
        size=filesizeformat(file.size),
    )
