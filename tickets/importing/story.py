"""What happened to one incident, told from its rows in Nova's terms. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tickets.choices import Source, Status
from tickets.importing.rows import Problem, Row

Values = dict[str, "str | int"]
Changes = dict[str, "tuple[str | int, str | int]"]


@dataclass(frozen=True, slots=True)
class Moved:
    """The ticket entered a stage, or was said to wait for something else."""

    at: datetime
    by: str
    row: Row
    before: Status
    after: Status
    reason: str = ""
    is_response: bool = False


@dataclass(frozen=True, slots=True)
class Changed:
    """Values became others: who works on it, or (with `is_assignment` off) what it says."""

    at: datetime
    by: str
    row: Row
    changes: Changes
    is_assignment: bool


Fact = Moved | Changed


@dataclass(slots=True)
class Visit:
    """A stay in one stage."""

    status: Status
    entered_at: datetime
    left_at: datetime | None = None


@dataclass(slots=True)
class Story:
    """An incident as Nova will have it. People, teams and categories are names here, "" for none.

    `rows` are those that were applied, in the order of time.
    """

    ref: str
    opened_at: datetime
    opened_by: str
    title: str
    description: str
    source: Source
    values: Values
    rows: Sequence[Row]
    visits: list[Visit]
    status: Status = Status.NEW
    awaiting_reason: str = ""
    responded_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    reopen_count: int = 0
    updated_at: datetime | None = None
    resolution: str = ""
    resolution_code: str = ""
    facts: list[Fact] = field(default_factory=list)

    @property
    def status_since(self) -> datetime:
        return self.visits[-1].entered_at


@dataclass(frozen=True, slots=True)
class Told:
    """A story, or none when no row could be applied, and every problem on the way."""

    story: Story | None
    problems: list[Problem]
