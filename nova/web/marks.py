"""The marks that a page repeats in every row: an instant, a clock, a track, a badge, an avatar.

They are functions because a page draws hundreds of them, and each include of a template costs as
much as drawing five (docs/decisions/0025-what-repeats-is-drawn-by-functions.md). Pure: the present
and the zone are arguments. What few values can lead to is drawn once per process.
"""

from datetime import datetime, tzinfo
from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from nova.web import times
from nova.web.clocks import Countdown
from nova.web.icons import icon
from nova.web.stages import PATH, place_of, small_track
from nova.web.words import gettext as _

DASH = "\N{EN DASH}"
MOMENT = '<time data-moment datetime="{}" data-now="{}" title="{}">{}</time>'
# countdown.js keeps the words of a clock that is due true.
COUNTDOWN = (
    '<time class="countdown" data-state="{state}" data-risk="{risk}" data-countdown'
    ' datetime="{due}" data-now="{now}" data-target="{target}" data-by="{by}" data-soon="{soon}"'
    ' data-late="{late}" title="{title}"><span data-words>{text}</span></time>'
)
STILL = (
    '<time class="countdown" data-state="{state}" data-risk="{risk}">'
    "<span data-words>{text}</span></time>"
)
RING = (
    '<svg class="ring{size}" viewBox="0 0 20 20" aria-hidden="true" data-ring data-state="{state}"'
    '><circle class="ring-all" cx="10" cy="10" r="8" /><circle class="ring-left" cx="10" cy="10"'
    ' r="8" pathLength="100" stroke-dasharray="{percent} 100" /></svg>'
)
TRACK = (
    '<span class="track" role="img" aria-label="{}">{}</span><span class="stage-word">{}</span>'
)


def moment(instant: datetime, now: datetime, zone: tzinfo) -> SafeString:
    """Write an instant in a person's words, the whole truth on hover; the words stay fresh."""
    return format_html(
        MOMENT,
        instant.isoformat(timespec="seconds"),
        f"{now.timestamp():.3f}",
        times.full_time(instant, zone),
        times.person_time(instant, now, zone),
    )


def countdown(words: Countdown, now: datetime, zone: tzinfo) -> SafeString:
    """Write a clock in words."""
    if words.due_at is None:
        return format_html(STILL, state=words.state, risk=_("risk"), text=words.text)
    return format_html(
        COUNTDOWN,
        state=words.state,
        risk=_("risk"),
        due=words.due_at.astimezone(zone).isoformat(),
        now=f"{now.timestamp():.3f}",
        target=f"{words.target_seconds:.0f}",
        by=words.by,
        soon=words.soon,
        late=words.late,
        title=times.full_time(words.due_at, zone),
        text=words.text,
    )


@lru_cache(maxsize=2048)
def ring(state: str, percent: int, *, is_large: bool = False) -> SafeString:
    """Draw how much of a clock is left. Its words stand beside it."""
    return format_html(RING, size=" large" if is_large else "", state=state, percent=percent)


def stage_track(status: str, label: str, seconds: float) -> SafeString:
    """Draw the track of a row: five small marks, the stage's word and the time in it."""
    track = _track(status, label, get_language())
    return format_html("{} <small data-passing>{}</small>", track, times.duration_words(seconds))


@lru_cache(maxsize=512)
def _track(status: str, label: str, language: str | None) -> SafeString:
    steps = format_html_join(
        "", '<i class="{}"></i>', ((step.state,) for step in small_track(status, label))
    )
    place = _("Stage {place} of {all}").format(place=place_of(status) + 1, all=len(PATH))
    return format_html(TRACK, place, steps, label)


def vip_badge(label: str) -> SafeString | str:
    """Write the level's word, if the viewer's lens gave one."""
    return _badge(label, _("VIP")) if label else ""


@lru_cache(maxsize=64)
def _badge(label: str, vip: str) -> SafeString:
    badge = '<span class="badge vip">{}<span class="sr">{}</span>{}</span>'
    return format_html(badge, icon("star", 12), vip, label)


@lru_cache(maxsize=2048)
def avatar(name: str) -> SafeString:
    """Draw the letters of a person; of nobody, where there is no name."""
    kind, letters = ("", initials(name)) if name else (" nobody", DASH)
    return format_html('<span class="avatar{}" aria-hidden="true">{}</span>', kind, letters)


def initials(name: str) -> str:
    """Return at most two letters that stand for a person: "Ada Osei" is "AO"."""
    words = [word for word in name.replace(".", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
