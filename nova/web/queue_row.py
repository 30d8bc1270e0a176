"""One ticket in a queue, as the page, its fragments and its live changes show it. Pure."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import Protocol

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from nova.web.clocks import ClockFacts, countdown_of
from nova.web.icons import icon
from nova.web.marks import avatar, countdown, moment, ring, stage_track, vip_badge
from nova.web.words import gettext as _

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
WHY = '<a class="why-ask" href="{}#place">{}</a> <span class="why-parts">{}</span>'


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


def queue_row(ticket: Ticket, now: datetime, zone: tzinfo) -> SafeString:
    """Draw one row."""
    return format_html(
        ROW,
        vip=" vip" if ticket.vip_level_label else "",
        reference=ticket.reference,
        url=ticket.url,
        select=_("Select {reference}").format(reference=ticket.reference),
        badge=vip_badge(ticket.vip_level_label),
        title=ticket.title,
        stage=stage_track(ticket.status, ticket.status_label, ticket.stage_seconds),
        clock=_clock(ticket.next_clock, now, zone),
        who=_who(ticket.assignee_name, ticket.backup_name, _("Unassigned"), _("backup {name}")),
        why=_why(ticket),
        place="".join(
            f"{name} · " for name in (ticket.team or ticket.department, ticket.site) if name
        ),
        opened=moment(ticket.opened_at, now, zone),
        acts=_("Acts on {reference}").format(reference=ticket.reference),
        more=icon("ellipsis"),
    )


def _clock(clock: ClockFacts | None, now: datetime, zone: tzinfo) -> SafeString | str:
    if clock is None:
        return ""
    words = countdown_of(clock, now, zone)
    return ring(words.state, words.percent) + countdown(words, now, zone)


@lru_cache(maxsize=2048)
def _who(assignee: str, backup: str, nobody: str, behind: str) -> SafeString:
    second = format_html(" <small>({})</small>", behind.format(name=backup)) if backup else ""
    return format_html("{}<span>{}{}</span>", avatar(assignee), assignee or nobody, second)


def _why(ticket: Ticket) -> SafeString | str:
    if not ticket.score_parts:
        return ""
    points = ((part.label, f"{part.points:+}") for part in ticket.score_parts)
    parts = format_html_join(" · ", "{} <b>{}</b>", points)
    return format_html(WHY, ticket.url, _("why here?"), parts)
