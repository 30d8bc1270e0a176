"""Facts about service levels. Any app may import this module; it imports no app."""

from dataclasses import dataclass
from typing import ClassVar

from nova.events.base import Change, Event


@dataclass(frozen=True, kw_only=True)
class ClockEvent(Event):
    """Something that a clock of a ticket says. Requesters have no clocks, so never learn of it."""

    subject: ClassVar[str] = "ticket_id"
    needs: ClassVar[str] = "sla.view_clock"

    ticket_id: int
    metric: str
    cycle: int


@dataclass(frozen=True, kw_only=True)
class ClockWarned(ClockEvent):
    """A share of the target is used up. Of several crossed at once only the highest is told."""

    percent: int
    due_at: str


@dataclass(frozen=True, kw_only=True)
class ClockBreached(ClockEvent):
    """The target was missed at `breached_at`, whenever that was noticed."""

    breached_at: str


@dataclass(frozen=True, kw_only=True)
class RiskForeseen(Event):
    """A breach became likely, or is likely no longer; `percent` is its probability."""

    subject: ClassVar[str] = "ticket_id"
    needs: ClassVar[str] = "sla.view_clock"

    ticket_id: int
    percent: int
    is_at_risk: bool


@dataclass(frozen=True, kw_only=True)
class PredictionTrained(Event):
    """By what open tickets are judged was learned anew from those that are finished."""

    subject: ClassVar[str] = "model_id"
    needs: ClassVar[str] = "sla.view_clock"

    model_id: int
    number: int
    method: str


@dataclass(frozen=True, kw_only=True)
class PolicySwitched(ClockEvent):
    """Another policy, or other terms, measure the ticket from now on."""

    needs: ClassVar[str] = "tickets.view_sla_adjustments"

    before: str
    after: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class CatalogueEvent(Event):
    """What is promised was arranged. Of VIP policies only those learn who may see adjustments."""

    needs: ClassVar[str] = "tickets.view_sla_adjustments"


@dataclass(frozen=True, kw_only=True)
class PolicyCreated(CatalogueEvent):
    """A policy was added to the catalogue."""

    subject: ClassVar[str] = "policy_id"

    policy_id: int
    policy: str


@dataclass(frozen=True, kw_only=True)
class PolicyEdited(CatalogueEvent):
    """A policy or its targets changed, for the tickets that come from now on."""

    subject: ClassVar[str] = "policy_id"

    policy_id: int
    policy: str
    changes: dict[str, Change]


@dataclass(frozen=True, kw_only=True)
class CalendarPublished(CatalogueEvent):
    """A calendar got new hours, for the clocks that start from now on."""

    subject: ClassVar[str] = "calendar_id"

    calendar_id: int
    calendar: str
    number: int
    changes: dict[str, Change]
