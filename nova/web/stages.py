"""Where a ticket stands on its way, as a track of steps. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.utils.translation import gettext_lazy as _

# The way that every ticket goes; the words are those of tickets.choices.Status.
PATH = (
    ("new", _("New")),
    ("acknowledged", _("Acknowledged")),
    ("diagnosing", _("Diagnosing")),
    ("in_progress", _("In progress")),
    ("resolved", _("Resolved")),
)
# Stages beside the way, by the step whose place they take while they last.
BESIDE = {
    "reopened": "new",
    "awaiting_customer": "in_progress",
    "awaiting_dependency": "in_progress",
    "closed": "resolved",
}
WAITING = {"awaiting_customer", "awaiting_dependency"}


class Stage(Protocol):
    """One stay in a stage, in the order of the ticket's life."""

    status: str
    label: str
    entered_at: datetime
    seconds: float
    is_current: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One mark on the track. `seconds` is None where the ticket has not been."""

    label: str
    state: str  # done, skipped, current, waiting, todo
    seconds: float | None = None


def place_of(status: str) -> int:
    """Return which step of PATH, from 0, a ticket of this status stands on."""
    return [name for name, _label in PATH].index(BESIDE.get(status, status))


def small_track(status: str, label: str) -> list[Step]:
    """Return the track of a row, where only the present stage is known."""
    here = place_of(status)
    return [
        Step(label if place == here else str(word), _state(place, here, status))
        for place, (_name, word) in enumerate(PATH)
    ]


def way_of(stages: Sequence[Stage]) -> list[Step]:
    """Return the way of a ticket, with the time spent in each step over all stays."""
    current = next(stage for stage in stages if stage.is_current)
    here = place_of(current.status)
    return [
        _step(place, here, name, str(word), stages, current)
        for place, (name, word) in enumerate(PATH)
    ]


def _step(
    place: int, here: int, name: str, word: str, stages: Sequence[Stage], current: Stage
) -> Step:
    if place == here:
        return Step(current.label, _state(place, here, current.status), current.seconds)
    stays = [stage.seconds for stage in stages if BESIDE.get(stage.status, stage.status) == name]
    if place > here:
        return Step(word, "todo")
    return Step(word, "done", sum(stays)) if stays else Step(word, "skipped")


def _state(place: int, here: int, status: str) -> str:
    if place == here:
        return "waiting" if status in WAITING else "current"
    return "done" if place < here else "todo"
