"""Keep open tickets in step with what the tenant's weights say."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from nova.accounts.models import User
from tickets.choices import ScorePart
from tickets.models import DeskSettings, Ticket
from tickets.rules import Part, Weights
from tickets.services.locking import hold_all
from tickets.services.ranking import set_score_parts
from tickets.weighing import out_of_step

# The task that goes on for as long as there are some.
FOLLOW_WEIGHTS = "tickets.follow_weights"


def weights_of(tenant_id: int) -> Weights:
    """Return what counts how much in the queue of a tenant."""
    return DeskSettings.objects.get(tenant_id=tenant_id).weights


@transaction.atomic
def follow_weights(tenant_id: int, *, actor: User, now: datetime, limit: int = 200) -> int:
    """Give some open tickets the points that the weights say; return how many were found.

    What is to be done is read off the tickets, so that it goes on after a crash, and twice is
    harmless. The first in the queue come first.
    """
    weights = weights_of(tenant_id)
    found = out_of_step(weights).order_by("-vip_priority_score", "queue_at", "pk")
    held = hold_all(found.values_list("pk", flat=True)[:limit])
    acting: dict[str, Any] = {"actor": actor, "now": now}
    set_score_parts({t.pk: _vip_part(t, weights) for t in held}, ScorePart.VIP, **acting)
    set_score_parts(dict(_risk_parts(held, weights)), ScorePart.RISK, **acting)
    return len(held)


def _vip_part(ticket: Ticket, weights: Weights) -> Part:
    points = weights.of_level(ticket.vip_level, ticket.module)
    return Part(points=points, reason=ticket.vip_reasons[0] if ticket.vip_reasons else "")


def _risk_parts(held: Iterable[Ticket], weights: Weights) -> Iterable[tuple[int, Part]]:
    for ticket in held:
        part = ticket.score_parts.get(ScorePart.RISK)
        if part:
            yield ticket.pk, Part(points=weights.risk, reason=part["reason"])
