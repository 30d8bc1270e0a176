"""What a clock says on a page: words that are true when rendered, and what the browser needs to
keep them true. Pure: who reads is an argument."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from nova.web.times import HOUR, clock_face, day_time, duration_words
from nova.web.words import Reader, Words


class ClockFacts(Protocol):
    """One target of one ticket, as a page receives it."""

    metric: str  # response, next_response, resolution, ola
    state: str  # running, paused, breached, met
    due_at: datetime | None
    remaining_seconds: float
    target_seconds: float
    risk: bool


@dataclass(frozen=True, slots=True)
class Countdown:
    """The words of a clock. `soon` and `late` have one `{}` where the span goes."""

    state: str  # running, risk, breached, paused, met
    text: str
    by: str
    soon: str
    late: str
    seconds: float
    target_seconds: float
    percent: int  # of the target that is left, 0 to 100
    due_at: datetime | None


def countdown_of(clock: ClockFacts, reader: Reader) -> Countdown:
    """Return the words of `clock` at the reader's present.

    A running clock counts from its due instant, so a page rendered late still tells the truth.
    """
    seconds = _seconds_left(clock, reader.now)
    phrases = _phrases(clock, reader)
    state = _state(clock, seconds)
    return Countdown(
        state=state,
        text=_text(state, seconds, phrases, reader.words),
        by=phrases.by,
        soon=phrases.soon,
        late=phrases.late,
        seconds=seconds,
        target_seconds=clock.target_seconds,
        percent=_percent(seconds, clock.target_seconds),
        due_at=clock.due_at,
    )


class Phrases(NamedTuple):
    """What may be said of a clock; `by` is said in full."""

    soon: str
    by: str
    late: str


def _phrases(clock: ClockFacts, reader: Reader) -> Phrases:
    words = reader.words
    if clock.metric == "response":
        soon, by = words.gettext("respond in {}"), words.gettext("respond by {}")
    elif clock.metric == "next_response":
        soon, by = words.gettext("answer in {}"), words.gettext("answer by {}")
    elif clock.metric == "resolution":
        soon, by = words.gettext("resolve in {}"), words.gettext("resolve by {}")
    else:
        soon, by = words.gettext("due in {}"), words.gettext("due by {}")
    due = day_time(clock.due_at, reader) if clock.due_at else ""
    return Phrases(soon, by.format(due), words.gettext("breached {} ago"))


def _seconds_left(clock: ClockFacts, now: datetime) -> float:
    if clock.due_at and clock.state in {"running", "breached"}:
        return (clock.due_at - now).total_seconds()
    return clock.remaining_seconds


def _state(clock: ClockFacts, seconds: float) -> str:
    if clock.state != "running":
        return clock.state
    if seconds <= 0:
        return "breached"
    return "risk" if clock.risk else "running"


def _text(state: str, seconds: float, phrases: Phrases, words: Words) -> str:
    if state == "met":
        return words.gettext("met")
    if state == "paused":
        return words.gettext("paused, {} left").format(duration_words(seconds, words))
    if state == "breached":
        return phrases.late.format(duration_words(-seconds, words))
    return phrases.soon.format(clock_face(seconds)) if seconds < HOUR else phrases.by


def _percent(seconds: float, target: float) -> int:
    return round(100 * min(max(seconds / target, 0), 1)) if target else 0
