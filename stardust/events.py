"""Facts about Stardust. Any app may import this module."""

from dataclasses import dataclass
from typing import ClassVar

from nova.accounts.events import PersonEvent
from nova.events.base import Event


@dataclass(frozen=True, kw_only=True)
class EntryEvent(Event):
    """An entry of the ledger. It is the entry's and not the ticket's, so that its story stays
    about the work."""

    subject: ClassVar[str] = "entry_id"
    needs: ClassVar[str] = "stardust.view_team"

    entry_id: int
    person_id: int
    ticket_id: int
    points: int


@dataclass(frozen=True, kw_only=True)
class StardustEarned(EntryEvent):
    """Somebody resolved a ticket; with no points where it brought nothing."""


@dataclass(frozen=True, kw_only=True)
class StardustTakenBack(EntryEvent):
    """The ticket was reopened; `points` are below zero."""


@dataclass(frozen=True, kw_only=True)
class BonusEvent(EntryEvent):
    """An entry that says whose ticket it was."""

    needs: ClassVar[str] = "tickets.view_vip_flag"


@dataclass(frozen=True, kw_only=True)
class BonusEarned(BonusEvent):
    """Somebody resolved a VIP's ticket well within its clock."""


@dataclass(frozen=True, kw_only=True)
class BonusTakenBack(BonusEvent):
    """A VIP's ticket was reopened; `points` are below zero."""


@dataclass(frozen=True, kw_only=True)
class ParticipationEvent(PersonEvent):
    """Whether somebody takes part. It is theirs to decide, and their team's lead is not told."""

    needs: ClassVar[str] = "stardust.manage_rules"


@dataclass(frozen=True, kw_only=True)
class StardustLeft(ParticipationEvent):
    """Somebody takes no part any more."""


@dataclass(frozen=True, kw_only=True)
class StardustJoined(ParticipationEvent):
    """Somebody takes part again."""
