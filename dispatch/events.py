"""Facts about assignment. Any app may import this module; it imports no app."""

from dataclasses import dataclass
from typing import ClassVar

from nova.events.base import Change, Event

SEE = "dispatch.view_decisions"


@dataclass(frozen=True, kw_only=True)
class EngineerEvent(Event):
    """Something about what an engineer brings. Of skills, sites and papers the names are told."""

    subject: ClassVar[str] = "engineer_id"
    needs: ClassVar[str] = "dispatch.view_engineers"

    engineer_id: int
    person_id: int
    changes: dict[str, Change]


@dataclass(frozen=True, kw_only=True)
class EngineerAdded(EngineerEvent):
    """Somebody is given work from now on."""


@dataclass(frozen=True, kw_only=True)
class EngineerEdited(EngineerEvent):
    """What they bring is stated otherwise."""


@dataclass(frozen=True, kw_only=True)
class EngineerPreferred(Event):
    """Somebody is given VIPs' tickets before others from now on, or no more.

    A fact of its own: one that others may learn of must not be told for its sake.
    """

    subject: ClassVar[str] = "engineer_id"
    needs: ClassVar[str] = "tickets.view_vip_flag"

    engineer_id: int
    person_id: int
    is_for_vips: bool


@dataclass(frozen=True, kw_only=True)
class RosterChanged(Event):
    """When an engineer works has changed: of the week (`week`), or of single days (`days`).

    Why somebody is not there is nobody's business but theirs and who plans with it.
    """

    subject: ClassVar[str] = "engineer_id"
    needs: ClassVar[str] = "dispatch.manage_engineers"

    engineer_id: int
    person_id: int
    changes: dict[str, Change]


@dataclass(frozen=True, kw_only=True)
class TicketDecided(Event):
    """The engine decided on a ticket; without `primary_id` nobody may have it, and it waits.

    `is_carried_out` says that the ticket was given to them, and not only recommended.
    """

    subject: ClassVar[str] = "ticket_id"
    needs: ClassVar[str] = SEE

    ticket_id: int
    decision_id: int
    cause: str
    because: str
    primary_id: int | None = None
    backup_id: int | None = None
    taken_from_id: int | None = None
    is_carried_out: bool = False


@dataclass(frozen=True, kw_only=True)
class OverrideEvent(Event):
    """Something about a wish for another person than the engine names."""

    subject: ClassVar[str] = "ticket_id"
    needs: ClassVar[str] = SEE

    ticket_id: int
    override_id: int
    chosen_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class OverrideAsked(OverrideEvent):
    """Somebody is wanted, and `approver_id` is to approve."""

    approver_id: int


@dataclass(frozen=True, kw_only=True)
class OverrideSettled(OverrideEvent):
    """`status` is what became of it: approved, refused or withdrawn."""

    status: str
    comment: str = ""


@dataclass(frozen=True, kw_only=True)
class AssignmentArranged(Event):
    """From now on work is given out as version `number` of the policy says."""

    subject: ClassVar[str] = "policy_id"

    policy_id: int
    number: int
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class LoadBalanced(Event):
    """A round of the balancer moved so many tickets and left so many moves for the next."""

    subject: ClassVar[str] = "run_id"
    needs: ClassVar[str] = SEE

    run_id: int
    moves: int
    left_over: int


@dataclass(frozen=True, kw_only=True)
class PerformanceMeasured(Event):
    """What so many engineers did lately was counted anew."""

    needs: ClassVar[str] = "dispatch.manage_engineers"

    engineers: int


@dataclass(frozen=True, kw_only=True)
class AttendanceSourceSet(Event):
    """Which attendance service is asked was set. Of its token only that it is another is told."""

    subject: ClassVar[str] = "attendancesource_id"
    needs: ClassVar[str] = "dispatch.manage_attendance"

    attendancesource_id: int
    changes: dict[str, Change]


@dataclass(frozen=True, kw_only=True)
class AttendanceEvent(Event):
    """How the attendance service answers, for those who answer for engineers."""

    needs: ClassVar[str] = "dispatch.manage_engineers"


@dataclass(frozen=True, kw_only=True)
class AttendanceLost(AttendanceEvent):
    """The service does not answer; `answered_at` is when it did last, or "" if it never did."""

    answered_at: str
    error: str


@dataclass(frozen=True, kw_only=True)
class AttendanceBack(AttendanceEvent):
    """The service answers again, which it had not since it was lost at `lost_at`."""

    lost_at: str
