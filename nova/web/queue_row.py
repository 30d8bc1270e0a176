"""Tickets as rows of a queue: the same for its page, what comes later and what changes. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Protocol

from django.utils.safestring import SafeString

from nova.web.clocks import ClockFacts, countdown_of
from nova.web.drawing import NOTHING, draw, joined
from nova.web.icons import icon
from nova.web.marks import avatar, countdown, moment, ring, stage_track, vip_badge
from nova.web.words import Reader, Words

ROW = """<li class="queue-row{vip}" id="row-{reference}" data-row="{reference}" data-href="{url}">
  <label class="row-pick"><input type="checkbox" name="reference" value="{reference}" data-row-pick><span class="sr">{select}</span></label>
  <div class="row-main">
    {badge}
    <span class="row-ref">{reference}</span>
    <a class="row-title" href="{url}" data-row-link>{title}</a>
  </div>
  <div class="row-stage">{stage}</div>
  <div class="row-clock" data-clock>{clock}</div>
  <div class="row-who">{who}</div>
  <div class="row-why">{why}</div>
  <div class="row-place">{place}{opened}</div>
  <button class="button quiet square small row-more" type="button" popovertarget="row-menu" data-row-menu aria-label="{acts}">{more}</button>
</li>
"""  # noqa: E501
WHO = "{avatar}<span>{name}{second}</span>"
WHY = '<a class="why-ask" href="{url}#place">{ask}</a> <span class="why-parts">{parts}</span>'


class Part(Protocol):
    """One summand of the score."""

    label: str
    points: int


class Ticket(Protocol):
    """What a row shows. `vip_level_label` is "" unless the viewer's lens gives it."""

    reference: str
    title: str
    url: str
    status: str
    status_label: str
    stage_seconds: float
    next_clock: ClockFacts | None
    assignee_name: str  # "" for nobody
    backup_name: str
    team: str
    department: str
    site: str
    opened_at: datetime
    score_parts: Sequence[Part]
    vip_level_label: str


def queue_rows(tickets: Iterable[Ticket], reader: Reader) -> SafeString:
    """Draw rows, one below the other."""
    return joined("", [_row(ticket, reader) for ticket in tickets])


def _row(ticket: Ticket, reader: Reader) -> SafeString:
    words = reader.words
    return draw(
        ROW,
        vip=" vip" if ticket.vip_level_label else "",
        reference=ticket.reference,
        url=ticket.url,
        select=words.gettext("Select {reference}").format(reference=ticket.reference),
        badge=vip_badge(ticket.vip_level_label, words),
        title=ticket.title,
        stage=stage_track(ticket.status, ticket.status_label, ticket.stage_seconds, reader),
        clock=_clock(ticket.next_clock, reader),
        who=_who(
            ticket.assignee_name,
            ticket.backup_name,
            words.gettext("Unassigned"),
            words.gettext("backup {name}"),
        ),
        why=_why(ticket, words),
        place="".join(
            f"{name} · " for name in (ticket.team or ticket.department, ticket.site) if name
        ),
        opened=moment(ticket.opened_at, reader),
        acts=words.gettext("Acts on {reference}").format(reference=ticket.reference),
        more=icon("ellipsis"),
    )


def _clock(clock: ClockFacts | None, reader: Reader) -> SafeString:
    if clock is None:
        return NOTHING
    words = countdown_of(clock, reader)
    return ring(words.state, words.percent) + countdown(words, reader)


@lru_cache(maxsize=2048)
def _who(assignee: str, backup: str, nobody: str, behind: str) -> SafeString:
    second = draw(" <small>({words})</small>", words=behind.format(name=backup))
    return draw(
        WHO,
        avatar=avatar(assignee),
        name=assignee or nobody,
        second=second if backup else NOTHING,
    )


def _why(ticket: Ticket, words: Words) -> SafeString:
    if not ticket.score_parts:
        return NOTHING
    parts = [
        draw("{label} <b>{points}</b>", label=part.label, points=f"{part.points:+}")
        for part in ticket.score_parts
    ]
    ask = words.gettext("why here?")
    return draw(WHY, url=ticket.url, ask=ask, parts=joined(" · ", parts))
