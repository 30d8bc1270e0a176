"""The marks that a page repeats in every row: an instant, a clock, a track, a badge, an avatar.

They are functions because a page draws hundreds of them, and an include of a template costs as
much as ten (docs/decisions/0025-what-pages-repeat-is-drawn-once.md). Pure: who reads is an
argument. What few values can lead to is drawn once per process.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Protocol

from django.utils.safestring import SafeString

from nova.web import times
from nova.web.clocks import Countdown
from nova.web.drawing import NOTHING, draw, joined
from nova.web.icons import icon
from nova.web.stages import PATH, Stage, Step, place_of, small_track, way_of
from nova.web.words import Reader, Words

DASH = "\N{EN DASH}"
STAMP = '<time datetime="{at}" title="{title}">{words}</time>'
MOMENT = '<time data-moment datetime="{at}" data-now="{now}" title="{title}">{words}</time>'
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
    '<span class="track" role="img" aria-label="{place}">{steps}</span>'
    '<span class="stage-word">{label}</span>'
)
# countdown.js lets the time in a stage go on.
PASSING = '<{tag} data-passing data-now="{now}" data-seconds="{seconds}">{span}</{tag}>'
LARGE_TRACK = '<ol class="track-large" aria-label="{stages}" tabindex="0">{steps}</ol>'
LARGE_STEP = '<li class="{state}"{current}><span>{label}</span> {time}</li>'
CURRENT = SafeString(' aria-current="step"')
NOT_YET = '<span class="sr">{words}</span>&nbsp;'
BADGE = '<span class="badge vip">{star}<span class="sr">{vip}</span>{label}</span>'
EDITABLE = (
    '<a class="fact-edit" id="edit-{name}" href="{url}" hx-get="{url}" hx-target="closest dd"'
    ' aria-label="{said}"{focus}><span>{value}</span>{pencil}</a>'
)
AVATAR = '<span class="avatar{kind}" aria-hidden="true">{letters}</span>'


def moment(instant: datetime, reader: Reader) -> SafeString:
    """Write an instant in a person's words, the whole truth on hover; the words stay fresh."""
    return draw(
        MOMENT,
        at=instant.isoformat(timespec="seconds"),
        now=_stamp(reader),
        title=times.full_time(instant, reader),
        words=times.person_time(instant, reader),
    )


def stamp(instant: datetime, reader: Reader) -> SafeString:
    """Write an instant by the clock, where it stands after a word such as until."""
    return draw(
        STAMP,
        at=instant.isoformat(timespec="seconds"),
        title=times.full_time(instant, reader),
        words=times.day_time(instant, reader),
    )


def countdown(words: Countdown, reader: Reader) -> SafeString:
    """Write a clock in words."""
    risk = reader.words.gettext("risk")
    if words.due_at is None:
        return draw(STILL, state=words.state, risk=risk, text=words.text)
    return draw(
        COUNTDOWN,
        state=words.state,
        risk=risk,
        due=words.due_at.astimezone(reader.zone).isoformat(),
        now=_stamp(reader),
        target=f"{words.target_seconds:.0f}",
        by=words.by,
        soon=words.soon,
        late=words.late,
        title=times.full_time(words.due_at, reader),
        text=words.text,
    )


@lru_cache(maxsize=2048)
def ring(state: str, percent: int, *, is_large: bool = False) -> SafeString:
    """Draw how much of a clock is left. Its words stand beside it."""
    return draw(RING, size=" large" if is_large else "", state=state, percent=str(percent))


def stage_track(status: str, label: str, seconds: float, reader: Reader) -> SafeString:
    """Draw the track of a row: five small marks, the stage's word and the time in it."""
    track = _track(status, label, reader.words.gettext("Stage {place} of {all}"))
    return draw("{track} {span}", track=track, span=_passing("small", seconds, reader))


def _passing(tag: str, seconds: float, reader: Reader) -> SafeString:
    span = times.duration_words(seconds, reader.words)
    return draw(PASSING, tag=tag, now=_stamp(reader), seconds=f"{seconds:.0f}", span=span)


@lru_cache(maxsize=512)
def _track(status: str, label: str, stage: str) -> SafeString:
    steps = small_track(status, label)
    return draw(
        TRACK,
        place=stage.format(place=place_of(status) + 1, all=len(PATH)),
        steps=joined("", [draw('<i class="{state}"></i>', state=step.state) for step in steps]),
        label=label,
    )


def large_track(stages: Sequence[Stage], reader: Reader) -> SafeString:
    """Draw the way of a ticket, with the time spent in each stage."""
    steps = [_large_step(step, reader) for step in way_of(stages)]
    return draw(LARGE_TRACK, stages=reader.words.gettext("Stages"), steps=joined("", steps))


def _large_step(step: Step, reader: Reader) -> SafeString:
    is_here = step.state in {"current", "waiting"}
    return draw(
        LARGE_STEP,
        state=step.state,
        current=CURRENT if is_here else NOTHING,
        label=step.label,
        time=_time_in(step, reader, is_here=is_here),
    )


def _time_in(step: Step, reader: Reader, *, is_here: bool) -> SafeString:
    words = reader.words
    if is_here:
        return _passing("span", step.seconds or 0, reader)
    if step.seconds is not None:
        return draw("<span>{span}</span>", span=times.duration_words(step.seconds, words))
    if step.state == "skipped":
        return draw("<span>{span}</span>", span=words.gettext("skipped"))
    return draw("<span>{span}</span>", span=draw(NOT_YET, words=words.gettext("not yet")))


def vip_badge(label: str, words: Words) -> SafeString:
    """Write the level's word; nothing, unless the viewer's lens gave one."""
    return _badge(label, words.gettext("VIP")) if label else NOTHING


@lru_cache(maxsize=64)
def _badge(label: str, vip: str) -> SafeString:
    return draw(BADGE, star=icon("star", 12), vip=vip, label=label)


@lru_cache(maxsize=2048)
def avatar(name: str) -> SafeString:
    """Draw the letters of a person; of nobody, where there is no name."""
    kind, letters = ("", initials(name)) if name else (" nobody", DASH)
    return draw(AVATAR, kind=kind, letters=letters)


class Fact(Protocol):
    """Something known of a thing. Without `edit_url` it is only read."""

    name: str
    label: str
    value: str
    edit_url: str
    help: str


def fact_value(fact: Fact, words: Words, *, is_back: bool = False) -> SafeString:
    """Write a fact as it is read; pressing it edits it. `is_back`: it has just been edited."""
    value = fact.value or DASH
    if not fact.edit_url:
        title = draw(' title="{help}"', help=fact.help) if fact.help else NOTHING
        return draw("<span{title}>{value}</span>", title=title, value=value)
    said = words.gettext("Change {label}: {value}").format(label=fact.label, value=value)
    return draw(
        EDITABLE,
        name=fact.name,
        url=fact.edit_url,
        said=said,
        focus=" autofocus" if is_back else "",
        value=value,
        pencil=icon("pencil", 12),
    )


def initials(name: str) -> str:
    """Return at most two letters that stand for a person: "Ada Osei" is "AO"."""
    words = [word for word in name.replace(".", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def _stamp(reader: Reader) -> str:
    return f"{reader.now.timestamp():.3f}"
