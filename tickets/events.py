"""Facts about tickets. Any app may import this module; it imports no app."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from nova.events.base import Event

VIP = "tickets.view_vip_flag"
DESK = "tickets.view_ticket"


@dataclass(frozen=True, kw_only=True)
class TicketEvent(Event):
    """Something that happened to one ticket."""

    subject: ClassVar[str] = "ticket_id"

    ticket_id: int


@dataclass(frozen=True, kw_only=True)
class TicketOpened(TicketEvent):
    is_public: ClassVar[bool] = True
    secret_fields: ClassVar[dict[str, str]] = {
        **{"vip_level": VIP, "score": VIP, "reasons": VIP},
        **{"tags": DESK, "team_id": DESK},
    }

    reference: str
    title: str
    priority: int
    type: str
    kind: str
    module: str
    requester_id: int
    opened_at: str
    category_id: int | None = None
    subcategory_id: int | None = None
    service_id: int | None = None
    department_id: int | None = None
    region_id: int | None = None
    organisation_id: int | None = None
    team_id: int | None = None
    tags: list[str] = field(default_factory=list)
    vip_level: str = ""
    score: int = 0
    reasons: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class TicketImported(TicketEvent):
    """A ticket of another system came to Nova with its history. `system` is such as "servicenow".

    It stands where `TicketOpened` would; the facts that follow are history too.
    """

    is_public: ClassVar[bool] = True

    reference: str
    title: str
    system: str
    external_ref: str


@dataclass(frozen=True, kw_only=True)
class TicketEdited(TicketEvent):
    """Fields changed: by name, the value before and after."""

    changes: dict[str, list[Any]]


@dataclass(frozen=True, kw_only=True)
class TicketMoved(TicketEvent):
    """The ticket entered another stage. `is_response` marks the first answer to its requester.

    Why is said among the desk: what it waits for, in words that are not for the requester.
    """

    is_public: ClassVar[bool] = True
    secret_fields: ClassVar[dict[str, str]] = {"reason": DESK}

    before: str
    after: str
    reason: str = ""
    is_response: bool = False


@dataclass(frozen=True, kw_only=True)
class TicketAssigned(TicketEvent):
    """Assignee, backup or team changed."""

    changes: dict[str, list[Any]]
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class CommentAdded(TicketEvent):
    """Something was said to be read by all. `is_response` marks the first answer of the desk,
    `is_theirs` what the requester said, or who wrote for them."""

    is_public: ClassVar[bool] = True

    comment_id: int
    is_response: bool = False
    is_theirs: bool = False


@dataclass(frozen=True, kw_only=True)
class NoteAdded(TicketEvent):
    comment_id: int


@dataclass(frozen=True, kw_only=True)
class FileAttached(TicketEvent):
    attachment_id: int
    file_name: str
    is_internal: bool = False


@dataclass(frozen=True, kw_only=True)
class WatcherAdded(TicketEvent):
    person_id: int


@dataclass(frozen=True, kw_only=True)
class WatcherRemoved(TicketEvent):
    person_id: int


@dataclass(frozen=True, kw_only=True)
class TimeTracked(TicketEvent):
    minutes: int
    is_billable: bool = False


@dataclass(frozen=True, kw_only=True)
class TicketDeleted(TicketEvent):
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class TicketRestored(TicketEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class TicketMerged(TicketEvent):
    """The ticket was found to be a duplicate, and ends as one. The other ticket goes on."""

    into_id: int
    into: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class TicketRated(TicketEvent):
    """The requester's side said how it was, from 1 to 5. `before` 0: for the first time."""

    is_public: ClassVar[bool] = True

    score: int
    before: int = 0


@dataclass(frozen=True, kw_only=True)
class TicketRescored(TicketEvent):
    """A part of the place in the queue changed. `parts` are all parts as they are now."""

    needs: ClassVar[str] = VIP

    part: str
    before: int
    after: int
    parts: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class TicketMarked(TicketEvent):
    """The VIP level that the ticket bears, or its grounds, changed; "" is no level.

    `because` is what brought it about. One of many that a designation or a rule brought at once
    is told with them, and not to anybody alone.
    """

    needs: ClassVar[str] = VIP

    before: str
    after: str
    source: str
    reasons: list[str]
    because: str = ""
    is_among_many: bool = False
