"""Tickets as rows of a page: what one line shows, made from the shape that the API shows too."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from nova.accounts.choices import VipLevel
from tickets.choices import ScorePart
from tickets.shape import Shape

AT_RISK = 0.25  # of the target left
OLA = "ola"  # what a team owes the desk: beside the ticket, but not its due time
METRICS = ("response", "next_response", "resolution", OLA)
LABELS = {
    "response": gettext_lazy("First response"),
    "next_response": gettext_lazy("Next response"),
    "resolution": gettext_lazy("Resolution"),
    OLA: gettext_lazy("Team's part"),
}


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """One target of a ticket, as `nova.web.clocks` words it."""

    metric: str
    state: str  # running, paused, breached, met
    due_at: datetime | None
    remaining_seconds: float
    target_seconds: float

    @property
    def risk(self) -> bool:
        return self.remaining_seconds <= self.target_seconds * AT_RISK

    @property
    def label(self) -> str:
        return str(LABELS[self.metric])


@dataclass(frozen=True, slots=True)
class Part:
    """One summand of the queue score, in words."""

    label: str
    points: int
    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a queue. `vip_level_label` is "" unless the viewer may see the flag."""

    shape: Shape
    url: str
    opened_at: datetime
    next_clock: ClockFacts | None
    score_parts: tuple[Part, ...]
    vip_level_label: str

    def __getattr__(self, name: str) -> Any:
        """Read the rest of a row straight from the shape."""
        try:
            return self.shape[name]
        except KeyError as error:
            raise AttributeError(name) from error

    @property
    def stage_seconds(self) -> int:
        return int(self.shape["stages"][-1]["seconds"]) if self.shape["stages"] else 0

    @property
    def assignee_name(self) -> str:
        return _name(self.shape["assignee"])

    @property
    def backup_name(self) -> str:
        return _name(self.shape.get("backup"))

    @property
    def team(self) -> str:
        return _name(self.shape.get("team"))

    @property
    def department(self) -> str:
        return _name(self.shape["department"])

    @property
    def site(self) -> str:
        return _name(self.shape["site"])


def row_of(shape: Shape) -> Row:
    """Return a row of what a viewer may see of a ticket."""
    level = shape.get("vip", {}).get("level")
    return Row(
        shape=shape,
        url=_url(shape["reference"]),
        opened_at=datetime.fromisoformat(shape["opened_at"]),
        next_clock=next_clock(shape),
        score_parts=parts_of(shape),
        vip_level_label=str(VipLevel(level).label) if level else "",
    )


def clocks_of(shape: Shape) -> list[ClockFacts]:
    """Return the clocks of a ticket that the viewer may see, response first."""
    clocks = shape.get("sla", {})
    return [_facts(metric, clocks[metric]) for metric in METRICS if metric in clocks]


def next_clock(shape: Shape) -> ClockFacts | None:
    """Return the clock to mind: one overdue, else the next one due, else what is over."""
    clocks = [clock for clock in clocks_of(shape) if clock.metric != OLA]
    live = [c for c in clocks if shape["sla"][c.metric]["state"] in ("running", "paused")]
    for state in ("breached", "running", "paused"):
        found = [clock for clock in live if clock.state == state]
        if found:
            return min(found, key=lambda clock: (clock.due_at is None, clock.due_at))
    return clocks[-1] if clocks else None


def parts_of(shape: Shape) -> tuple[Part, ...]:
    """Return the parts of the score, in the order of their kinds."""
    parts = shape.get("queue", {}).get("parts", {})
    return tuple(
        Part(str(kind.label), parts[kind]["points"], parts[kind]["reason"])
        for kind in ScorePart
        if kind in parts
    )


def _facts(metric: str, clock: Mapping[str, Any]) -> ClockFacts:
    due_at = clock["due_at"]
    return ClockFacts(
        metric=metric,
        state=_state(clock),
        due_at=datetime.fromisoformat(due_at) if due_at else None,
        remaining_seconds=clock["remaining_seconds"],
        target_seconds=clock["target_seconds"],
    )


def _state(clock: Mapping[str, Any]) -> str:
    if clock["breached_at"]:
        return "breached"
    return {"stopped": "met", "cancelled": "met"}.get(clock["state"], clock["state"])


@lru_cache(maxsize=4096)
def _url(reference: str) -> str:
    return reverse("tickets:ticket", args=[reference])


def _name(thing: Mapping[str, Any] | None) -> str:
    return str(thing["name"]) if thing else ""
