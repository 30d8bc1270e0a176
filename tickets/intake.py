"""What happens to a ticket before it exists: each step may revise the draft, and says why."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.utils.module_loading import import_string

from nova.accounts.models import User
from tickets import rules
from tickets.choices import Kind, Level, Module, Priority, ScorePart, Source, TicketType


@dataclass(frozen=True, kw_only=True)
class TicketDraft:
    """A ticket not yet saved. Steps of `settings.TICKET_INTAKE` take one and return one.

    `requester` is whom the ticket is for; `submitted_by` who wrote it. `opened_at` is aware.
    """

    requester: User
    submitted_by: User
    title: str
    opened_at: datetime
    description: str = ""
    kind: str = Kind.INCIDENT
    type: str = TicketType.INTERNAL
    impact: str = Level.MEDIUM
    urgency: str = Level.MEDIUM
    priority: int = Priority.P3
    source: str = Source.PORTAL
    module: str = Module.IT
    category_id: int | None = None
    subcategory_id: int | None = None
    department_id: int | None = None
    service_id: int | None = None
    region_id: int | None = None
    site_id: int | None = None
    location: str = ""
    team_id: int | None = None
    tags: tuple[str, ...] = ()
    custom_fields: dict[str, Any] = field(default_factory=dict)

    vip_level: str = ""
    vip_trigger_source: str = ""
    vip_reasons: tuple[str, ...] = ()
    score_parts: dict[str, rules.Part] = field(default_factory=dict)
    queue_at: datetime | None = None
    next_due_at: datetime | None = None
    sla_state: str = ""
    reasons: tuple[str, ...] = ()  # kept in TicketOpened, so the audit trail explains itself

    def revise(self, *, because: str = "", **changes: Any) -> Self:
        """Return the draft with `changes`, and the reason noted."""
        reasons = (*self.reasons, because) if because else self.reasons
        return replace(self, reasons=reasons, **changes)

    def with_part(self, kind: ScorePart, points: int, reason: str) -> Self:
        """Return the draft with one part of its queue score set."""
        parts = rules.with_part(self.score_parts, kind, points, reason)
        return replace(self, score_parts=parts)


def apply_intake(draft: TicketDraft) -> TicketDraft:
    """Pass the draft through every step, in the order settings give."""
    for path in settings.TICKET_INTAKE:
        draft = import_string(path)(draft)
    return draft


def prioritise(draft: TicketDraft) -> TicketDraft:
    """Intake step: impact and urgency give the priority, and that the instant to be taken by."""
    priority = rules.priority_of(draft.impact, draft.urgency)
    return draft.revise(priority=priority, queue_at=rules.take_by(draft.opened_at, priority))


def place(draft: TicketDraft) -> TicketDraft:
    """Intake step: what the draft does not say of place, the requester's own place says."""
    person = draft.requester
    return draft.revise(
        department_id=draft.department_id or person.department_id,
        site_id=draft.site_id or person.site_id,
    )
