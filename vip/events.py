"""Facts about VIPs. Any app may import this module; it imports no app."""

from dataclasses import dataclass
from typing import ClassVar

from nova.events.base import Change, Event


@dataclass(frozen=True, kw_only=True)
class VipEvent(Event):
    """A fact that only those may learn who may see who is a VIP."""

    needs: ClassVar[str] = "tickets.view_vip_flag"


@dataclass(frozen=True, kw_only=True)
class DesignationEvent(VipEvent):
    """Something about a designation. Its target has no id any more where that is a group."""

    subject: ClassVar[str] = "designation_id"

    designation_id: int
    target_kind: str
    target_id: int | None
    level: str


@dataclass(frozen=True, kw_only=True)
class VipDesignated(DesignationEvent):
    source: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class VipRevoked(DesignationEvent):
    reason: str


@dataclass(frozen=True, kw_only=True)
class VipConfirmed(DesignationEvent):
    """Somebody looked at it and found it still right."""


@dataclass(frozen=True, kw_only=True)
class VipEnding(DesignationEvent):
    """It ends within so many days unless somebody does something."""

    days: int


@dataclass(frozen=True, kw_only=True)
class VipLevelChanged(VipEvent):
    """A person's effective level changed; `reasons` are the grounds of the new one.

    `because` is what brought it about.
    """

    subject: ClassVar[str] = "person_id"

    person_id: int
    before: str
    after: str
    reasons: list[str]
    source: str = ""
    because: str = ""


@dataclass(frozen=True, kw_only=True)
class RuleEvent(VipEvent):
    """Something about a rule. `rule` is its name at the time."""

    subject: ClassVar[str] = "rule_id"

    rule_id: int
    rule: str


@dataclass(frozen=True, kw_only=True)
class VipRuleMade(RuleEvent):
    level: str
    condition: dict[str, object]
    reason: str


@dataclass(frozen=True, kw_only=True)
class VipRuleEdited(RuleEvent):
    version: int
    changes: dict[str, Change]


@dataclass(frozen=True, kw_only=True)
class VipRuleRetired(RuleEvent):
    reason: str


@dataclass(frozen=True, kw_only=True)
class VipRuleConfirmed(RuleEvent):
    """Somebody looked at it and found it still right."""


@dataclass(frozen=True, kw_only=True)
class ReassessmentEvent(VipEvent):
    subject: ClassVar[str] = "reassessment_id"

    reassessment_id: int


@dataclass(frozen=True, kw_only=True)
class ReassessmentResumed(ReassessmentEvent):
    """One that had stopped goes on, after so many people."""

    done: int


@dataclass(frozen=True, kw_only=True)
class PeopleReassessed(ReassessmentEvent):
    """Many people were brought in step: so many of them, and of their tickets, changed."""

    because: str
    looked_at: int
    people: int
    tickets: int


@dataclass(frozen=True, kw_only=True)
class RecognitionEvent(VipEvent):
    """Something about whom Cosmo takes a ticket to be for; `before` and `after` are its states."""

    subject: ClassVar[str] = "ticket_id"

    ticket_id: int
    recognition_id: int
    person_id: int
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class VipRecognised(RecognitionEvent):
    """Words on a ticket say that it is for a VIP, with a confidence from 0 to 1."""

    level: str
    words: str
    confidence: float
    reason: str


@dataclass(frozen=True, kw_only=True)
class RecognitionAccepted(RecognitionEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class RecognitionRefused(RecognitionEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class RecognitionWithdrawn(RecognitionEvent):
    """It counts no more: somebody said so, or the person is no VIP any more."""


@dataclass(frozen=True, kw_only=True)
class RecognitionReconsidered(RecognitionEvent):
    """What was decided was taken back."""


@dataclass(frozen=True, kw_only=True)
class AlertEvent(VipEvent):
    """Something about the alert of a ticket. It is the alert's and not the ticket's, so that who
    may not know of it does not even hear that something happened."""

    subject: ClassVar[str] = "alert_id"

    alert_id: int
    ticket_id: int
    level: str


@dataclass(frozen=True, kw_only=True)
class VipAlertAcknowledged(AlertEvent):
    """A person took notice; `by_acting`, by doing something on the ticket."""

    by_acting: bool = False


@dataclass(frozen=True, kw_only=True)
class VipAlertEscalated(AlertEvent):
    """Nobody did in time: the next in line are told, once for each step. `told` are people."""

    step: int
    told: list[int]
    minutes: int


@dataclass(frozen=True, kw_only=True)
class VipReportExported(VipEvent):
    """Somebody took a report of these days, both inclusive, out of Nova. `form`: csv or pdf."""

    report: str
    since: str
    until: str
    form: str
