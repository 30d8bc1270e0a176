"""A ticket's place in the queue: what other apps decide, and only this module writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from nova.accounts.models import User
from nova.events.bus import publish
from tickets import rules
from tickets.choices import ScorePart, SlaState
from tickets.events import TicketMarked, TicketRescored
from tickets.models import DeskSettings, Ticket
from tickets.services.locking import hold

PROJECT = """
    UPDATE tickets_ticket AS t SET sla_state = p.state, next_due_at = p.due_at,
        queue_at = coalesce(p.due_at, p.take_by)
    FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[], %s::timestamptz[])
        AS p(id, state, due_at, take_by)
    WHERE t.id = p.id AND (t.sla_state, t.next_due_at, t.queue_at)
        IS DISTINCT FROM (p.state, p.due_at, coalesce(p.due_at, p.take_by))
"""


@dataclass(frozen=True)
class SlaProjection:
    """What a ticket's clocks say of it as a whole; `next_due_at` None: none is running."""

    ticket_id: int
    state: SlaState
    next_due_at: datetime | None


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
    ticket = hold(ticket_id)
    event = TicketMarked(
        tenant_id=ticket.tenant_id,
        ticket_id=ticket_id,
        before=ticket.vip_level,
        after=level,
        source=source,
        reasons=reasons,
    )
    ticket.vip_level, ticket.vip_trigger_source, ticket.vip_reasons = level, source, reasons
    ticket.save(update_fields=["vip_level", "vip_trigger_source", "vip_reasons"])
    publish(event, actor=actor, now=now)
    reason = reasons[0] if reasons else ""
    return set_score_part(ticket_id, ScorePart.VIP, points, reason, actor=actor, now=now)


def project_sla(projections: Sequence[SlaProjection]) -> None:
    """Keep on tickets what their clocks say, and with it the instant to be taken by.

    A ticket without a running clock is to be taken by the allowance of its priority.
    """
    found = {p.ticket_id: p for p in projections}
    waiting = Ticket.objects.filter(pk__in=found).values_list("pk", "opened_at", "priority")
    rows = [
        (pk, found[pk].state, found[pk].next_due_at, rules.take_by(opened_at, priority))
        for pk, opened_at, priority in waiting
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(PROJECT, [list(column) for column in zip(*rows, strict=True)])


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
        .exclude(status__in=rules.AWAITING)  # these wait for somebody else
        .exclude(score_parts__has_key=ScorePart.FAIRNESS)
        .order_by("queue_at")
        .values_list("pk", flat=True)[:limit]
    )
    lifted = list(waiting)
    reason = _("Waited %(hours)s hours longer than it should") % {"hours": hours}
    for ticket_id in lifted:
        set_score_part(ticket_id, ScorePart.FAIRNESS, 1, reason, actor=actor, now=now)
    return len(lifted)
