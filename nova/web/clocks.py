"""What a clock says on a page: words that are true when rendered, and what the browser needs to
keep them true. Pure: the present and the zone are arguments."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Protocol

from nova.web.times import HOUR, clock_face, day_time, duration_words
from nova.web.words import gettext as _


class ClockFacts(Protocol):
    """One target of one ticket, as a page receives it."""

    metric: str  # response, next_response, resolution
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


def countdown_of(clock: ClockFacts, now: datetime, zone: tzinfo) -> Countdown:
    """Return the words of `clock` at `now`.

    A running clock counts from its due instant, so a page rendered late still tells the truth.
    """
    soon, by = _phrases(clock.metric)
    seconds = _seconds_left(clock, now)
    due = day_time(clock.due_at, now, zone) if clock.due_at else ""
    state = _state(clock, seconds)
    late = _("breached {} ago")
    by = by.format(due)
    return Countdown(
        state=state,
        text=_text(state, seconds, by=by, soon=soon, late=late),
        by=by,
        soon=soon,
        late=late,
        seconds=seconds,
        target_seconds=clock.target_seconds,
        percent=_percent(seconds, clock.target_seconds),
        due_at=clock.due_at,
    )


def _phrases(metric: str) -> tuple[str, str]:
    if metric == "response":
        return _("respond in {}"), _("respond by {}")
    if metric == "next_response":
        return _("answer in {}"), _("answer by {}")
    if metric == "resolution":
        return _("resolve in {}"), _("resolve by {}")
    return _("due in {}"), _("due by {}")


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


def _text(state: str, seconds: float, *, by: str, soon: str, late: str) -> str:
    if state == "met":
        return _("met")
    if state == "paused":
        return _("paused, {} left").format(duration_words(seconds))
    if state == "breached":
        return late.format(duration_words(-seconds))
    return soon.format(clock_face(seconds)) if seconds < HOUR else by


def _percent(seconds: float, target: float) -> int:
    return round(100 * min(max(seconds / target, 0), 1)) if target else 0
