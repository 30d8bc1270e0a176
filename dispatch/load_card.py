"""Tickets as small cards, of which the page of the load shows hundreds. Pure."""

from collections.abc import Iterable
from typing import Protocol

from django.urls import reverse
from django.utils.safestring import SafeString

from nova.web import queue_row
from nova.web.clocks import countdown_of
from nova.web.drawing import NOTHING, draw, joined
from nova.web.icons import icon
from nova.web.marks import countdown, vip_badge
from nova.web.words import Reader

CARD = """<li class="load-card{vip}"{dragged}>
  <p class="load-ref">{badge}<span>{reference}</span> <b>P{priority}</b>{give}</p>
  <a class="load-title" id="card-{reference}" href="{url}" draggable="false">{title}</a>
  <p class="load-clock">{clock}</p>{why}
</li>
"""
DRAGGED = ' draggable="true" data-give="{drawer}" data-holder="{holder}"'
GIVE = (
    '<button class="button quiet square small" id="give-{reference}" type="button"'
    ' popovertarget="give-menu" data-give-menu aria-label="{said}">{icon}</button>'
    '<noscript><a href="{drawer}">{words}</a></noscript>'
)


class Ticket(queue_row.Ticket, Protocol):
    """What a card shows: of what a row of the queue shows, and the priority."""

    priority: int


def load_cards(
    told: Iterable[tuple[Ticket, str]], holder: str, reader: Reader, *, gives: bool
) -> SafeString:
    """Draw cards of whom `holder` is the id, "" for nobody; each with why it is so, or "".

    Without `gives` the viewer gives nothing to anybody.
    """
    return joined("", [_card(row, why, holder, reader, gives=gives) for row, why in told])


def _card(row: Ticket, why: str, holder: str, reader: Reader, *, gives: bool) -> SafeString:
    drawer = reverse("dispatch:drawer", args=[row.reference]) if gives else ""
    return draw(
        CARD,
        vip=" vip" if row.vip_level_label else "",
        dragged=draw(DRAGGED, drawer=drawer, holder=holder) if gives else NOTHING,
        badge=vip_badge(row.vip_level_label, reader.words),
        reference=row.reference,
        priority=str(row.priority),
        give=_give(row.reference, drawer, reader) if gives else NOTHING,
        url=row.url,
        title=row.title,
        clock=_clock(row, reader),
        why=draw('<p class="load-why">{why}</p>', why=why) if why else NOTHING,
    )


def _give(reference: str, drawer: str, reader: Reader) -> SafeString:
    words = reader.words
    said = words.gettext("Give {reference} to somebody").format(reference=reference)
    return draw(
        GIVE,
        reference=reference,
        drawer=drawer,
        said=said,
        icon=icon("user-plus", 14),
        words=words.gettext("Give to"),
    )


def _clock(row: Ticket, reader: Reader) -> SafeString | str:
    if row.next_clock is None:
        return str(row.status_label)
    return countdown(countdown_of(row.next_clock, reader), reader)
