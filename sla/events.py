"""Facts about service levels. Any app may import this module; it imports no app."""

from dataclasses import dataclass
from typing import Any, ClassVar

from nova.events.base import Change, Event


@dataclass(frozen=True, kw_only=True)
class TicketNews(Event):
    """Something that those who see clocks learn of a ticket, and requesters never."""

    subject: ClassVar[str] = "ticket_id"
    needs: ClassVar[str] = "sla.view_clock"

    ticket_id: int


@dataclass(frozen=True, kw_only=True)
class ClockEvent(TicketNews):
    """Something that a clock of a ticket says."""

    metric: str
    cycle: int


@dataclass(frozen=True, kw_only=True)
class ClockWarned(ClockEvent):
    """A share of the target is used up. Of several crossed at once only the highest is told."""

    percent: int
    due_at: str


@dataclass(frozen=True, kw_only=True)
class ClockBreached(ClockEvent):
    """The target was missed at `breached_at`, whenever that was noticed.

    With `is_recalculated` a recalculation brought it: nobody was late by the terms of then.
    """

    breached_at: str
    is_recalculated: bool = False


@dataclass(frozen=True, kw_only=True)
class RiskForeseen(TicketNews):
    """A breach became likely, or is likely no longer; `percent` is its probability."""

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
class ClockEscalated(ClockEvent):
    """A step of the policy was passed, once for each clock and cycle.

    `level` is how far up the chain it went: 1 senior engineer, 2 head of department, 3 operations
    manager. `told` are people, each with the post at which they stand and whom they stand in
    for; `passed` the posts at which nobody was. `step` is its key within the version.
    """

    step: str
    version_id: int | None
    percent: int
    offset_seconds: int
    level: int
    told: list[dict[str, Any]]
    passed: list[str]


@dataclass(frozen=True, kw_only=True)
class VipClockEscalated(ClockEscalated):
    """A step was passed that only VIPs' tickets have: to know of it is to know whose it is."""

    needs: ClassVar[str] = "tickets.view_vip_flag"


@dataclass(frozen=True, kw_only=True)
class TicketEscalated(TicketNews):
    """Somebody escalated a ticket by hand, and why. `level`, `told`, `passed` as with a clock."""

    level: int
    told: list[dict[str, Any]]
    passed: list[str]
    reason: str


@dataclass(frozen=True, kw_only=True)
class ReviewOpened(TicketNews):
    """A ticket got its review: another ticket, once, of what went so wrong."""

    review_id: int
    reference: str


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
class PolicyEvent(CatalogueEvent):
    """Something that was done to a policy of the catalogue."""

    subject: ClassVar[str] = "policy_id"

    policy_id: int
    policy: str


@dataclass(frozen=True, kw_only=True)
class PolicyCreated(PolicyEvent):
    """A policy was added to the catalogue, as a draft."""


@dataclass(frozen=True, kw_only=True)
class PolicyEdited(PolicyEvent):
    """A policy was named anew, or got another place in the order."""

    changes: dict[str, Change]


@dataclass(frozen=True, kw_only=True)
class PolicyDrafted(PolicyEvent):
    """A draft was written, or thrown away. It promises nothing yet."""

    number: int
    is_discarded: bool = False


@dataclass(frozen=True, kw_only=True)
class PolicyPublished(PolicyEvent):
    """A version is in force for tickets that come from now on."""

    number: int
    changes: dict[str, Change]


@dataclass(frozen=True, kw_only=True)
class PolicyRetired(PolicyEvent):
    """A policy promises no more. Clocks that it started run on by its terms."""

    number: int


@dataclass(frozen=True, kw_only=True)
class VipOverridden(CatalogueEvent):
    """Chosen people are promised more, or no more, while they are VIPs."""

    subject: ClassVar[str] = "override_id"

    override_id: int
    whom: str
    changes: dict[str, Change]


@dataclass(frozen=True, kw_only=True)
class CalendarEvent(CatalogueEvent):
    """Something that was done to a calendar."""

    subject: ClassVar[str] = "calendar_id"

    calendar_id: int
    calendar: str


@dataclass(frozen=True, kw_only=True)
class CalendarPublished(CalendarEvent):
    """A calendar got new hours, for the clocks that start from now on."""

    number: int
    changes: dict[str, Change]
    is_from_feed: bool = False


@dataclass(frozen=True, kw_only=True)
class CalendarDrafted(CalendarEvent):
    """Hours were written that do not count yet, or such a draft was written anew."""

    number: int
    changes: dict[str, Change]
    is_from_feed: bool = False


@dataclass(frozen=True, kw_only=True)
class CalendarDraftDiscarded(CalendarEvent):
    """A draft was thrown away."""

    number: int


@dataclass(frozen=True, kw_only=True)
class CalendarRenamed(CalendarEvent):
    """A calendar is called otherwise."""

    changes: dict[str, Change]


@dataclass(frozen=True, kw_only=True)
class CalendarFeedSet(CalendarEvent):
    """Holidays come from another address, or from none; its secret path is not told."""

    changes: dict[str, Change]


@dataclass(frozen=True, kw_only=True)
class HolidaysEnded(CalendarEvent):
    """A calendar knows the holidays of a year, and not those of `year`, which follows it."""

    year: int


@dataclass(frozen=True, kw_only=True)
class RecalculationEvent(CatalogueEvent):
    """Something that was done to a recalculation."""

    subject: ClassVar[str] = "recalculation_id"

    recalculation_id: int


@dataclass(frozen=True, kw_only=True)
class RecalculationBegun(RecalculationEvent):
    """A recalculation is being previewed. It changes nothing yet."""

    scope: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class RecalculationStarted(RecalculationEvent):
    """A recalculation is being applied from now on; one that `undoes` another takes it back."""

    reason: str
    lines: int
    undoes: int | None = None


@dataclass(frozen=True, kw_only=True)
class RecalculationCancelled(RecalculationEvent):
    """A recalculation was ended early. The clocks that it had reached keep what they got."""

    applied: int


@dataclass(frozen=True, kw_only=True)
class ClocksRecalculated(RecalculationEvent):
    """A recalculation was applied to its last clock. What it did to each is in the ledger."""

    reason: str
    looked_at: int
    moved: int
    breached: int
    healed: int
    left_out: int
    undoes: int | None = None
