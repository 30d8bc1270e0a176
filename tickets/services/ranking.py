"""A ticket's place in the queue: what other apps decide, and only this module writes."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from nova.accounts.models import User
from nova.events.bus import publish
from tickets import rules
from tickets.choices import ScorePart, SlaState
from tickets.events import TicketRescored
from tickets.models import DeskSettings, Ticket
from tickets.services.locking import hold


@transaction.atomic
def set_score_part(
    ticket_id: int, kind: ScorePart, points: int, reason: str, *, actor: User, now: datetime
) -> Ticket:
    """Set one part of the score, or remove it with 0 points. No change, no event."""
    ticket = hold(ticket_id)
    parts = rules.with_part(ticket.score_parts, kind, points, reason)
    if parts == ticket.score_parts:
        return ticket
    before, after = ticket.vip_priority_score, rules.score_of(parts)
    ticket.score_parts, ticket.vip_priority_score = parts, after
    ticket.save(update_fields=["score_parts", "vip_priority_score"])
    event = TicketRescored(
        tenant_id=ticket.tenant_id,
        ticket_id=ticket.pk,
        part=kind,
        before=before,
        after=after,
        parts=parts,
    )
    publish(event, actor=actor, now=now)
    return ticket


@transaction.atomic
def set_vip(
    ticket_id: int,
    level: str,
    source: str,
    reasons: list[str],
    points: int,
    *,
    actor: User,
    now: datetime,
) -> Ticket:
    """Set whose level the ticket bears, by which source and why; "" takes it away.

    `points` are what the level counts in the queue: 0 where the module's switch is off.
    """
    Ticket.objects.filter(pk=ticket_id).update(
        vip_level=level, vip_trigger_source=source, vip_reasons=reasons
    )
    reason = reasons[0] if reasons else ""
    return set_score_part(ticket_id, ScorePart.VIP, points, reason, actor=actor, now=now)


def project_sla(ticket_id: int, *, state: SlaState, next_due_at: datetime | None) -> None:
    """Keep on the ticket what its clocks say, and with it the instant to be taken by.

    A ticket without a running clock is to be taken by the allowance of its priority.
    """
    ticket = Ticket.objects.only("opened_at", "priority").get(pk=ticket_id)
    queue_at = next_due_at or rules.take_by(ticket.opened_at, ticket.priority)
    Ticket.objects.filter(pk=ticket_id).update(
        sla_state=state, next_due_at=next_due_at, queue_at=queue_at
    )


def lift_waiting(tenant_id: int, *, actor: User, now: datetime, limit: int = 500) -> int:
    """Lift into the top band what has waited beyond the tenant's limit; return how many.

    This bounds every wait: in the top band only the instant to be taken by decides.
    """
    hours = DeskSettings.objects.get(tenant_id=tenant_id).fairness_limit_hours
    if not hours:
        return 0
    waiting = (
        Ticket.objects.unresolved()
        .filter(tenant_id=tenant_id, queue_at__lte=now - timedelta(hours=hours))
        .exclude(score_parts__has_key=ScorePart.FAIRNESS)
        .order_by("queue_at")
        .values_list("pk", flat=True)[:limit]
    )
    lifted = list(waiting)
    reason = _("Waited %(hours)s hours longer than it should") % {"hours": hours}
    for ticket_id in lifted:
        set_score_part(ticket_id, ScorePart.FAIRNESS, 1, reason, actor=actor, now=now)
    return len(lifted)
