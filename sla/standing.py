"""How far tickets are escalated, as the facts of it say to one viewer."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from nova.accounts.models import User
from nova.events.lens import may_learn
from nova.events.models import EventRecord
from sla.choices import Whom
from sla.events import ClockEscalated, TicketEscalated, VipClockEscalated
from sla.sentences import whom_told
from sla.steps import BY_LEVEL

NAMES = (ClockEscalated.name, VipClockEscalated.name, TicketEscalated.name)


@dataclass(frozen=True, slots=True)
class Standing:
    """The last escalation of a ticket: to which level, to whom, by whom, when and why.

    `whom` says it in words, with each one's post and where nobody was.
    """

    level: int
    told: tuple[str, ...]
    whom: str
    by: str
    at: datetime
    reason: str

    @property
    def post(self) -> str:
        return str(Whom(BY_LEVEL[self.level]).label)


def levels_of(ticket_ids: Collection[int], viewer: User) -> dict[int, int]:
    """Return by ticket the level of its last escalation that the viewer may know of."""
    rows = _known(ticket_ids, viewer).values_list("subject_id", "payload__level")
    return {pk: level for pk, level in rows if pk and level}


def standing_of(ticket_id: int, viewer: User) -> Standing | None:
    """Return how far a ticket is escalated, as far as the viewer may know."""
    known = _known([ticket_id], viewer).filter(payload__level__gt=0).select_related("actor")
    record = known.last()
    return _standing(record) if record else None


def standing_shape(standing: Standing | None) -> dict[str, Any] | None:
    """Return it as the API shows it."""
    if standing is None:
        return None
    return {
        "level": standing.level,
        "post": standing.post,
        "told": list(standing.told),
        "text": standing.whom,
        "by": standing.by,
        "at": standing.at.isoformat(),
        "reason": standing.reason,
    }


def _known(ticket_ids: Collection[int], viewer: User) -> QuerySet[EventRecord]:
    names = [name for name in NAMES if may_learn(name, viewer.has_perm)]
    records = EventRecord.objects.filter(subject="ticket", subject_id__in=ticket_ids)
    return records.filter(name__in=names).order_by("pk")


def _standing(record: EventRecord) -> Standing:
    payload = record.payload
    return Standing(
        level=payload["level"],
        told=tuple(each["name"] for each in payload["told"]),
        whom=whom_told(payload),
        by=str(record.actor),
        at=record.occurred_at,
        reason=payload.get("reason", ""),
    )
