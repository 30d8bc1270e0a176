"""A ticket's place in the queue: what other apps decide, and only this module writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from nova.accounts.models import User
from nova.events.bus import publish_all
from tickets import rules
from tickets.choices import ScorePart, SlaState
from tickets.events import TicketMarked, TicketRescored
from tickets.models import DeskSettings, Ticket
from tickets.rules import Part
from tickets.services.locking import hold_all, write

# Where a ticket without a running clock stands in time, as `rules.stands_at` has it.
PROJECT = """
    UPDATE tickets_ticket AS t
    SET sla_state = p.state, next_due_at = p.due_at, queue_at = p.queue_at
    FROM (
        SELECT said.*, coalesce(due_at, CASE WHEN status = ANY(%s) THEN status_since + %s
            ELSE opened_at + (%s::interval[])[priority] END) AS queue_at
        FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[]) AS said(id, state, due_at)
            JOIN tickets_ticket USING (id)
    ) AS p
    WHERE t.id = p.id AND (t.sla_state, t.next_due_at, t.queue_at) IS DISTINCT FROM
        (p.state, p.due_at, p.queue_at)
"""
# The first is that of P1.
ALLOWANCES = [rules.ALLOWANCE[priority] for priority in sorted(rules.ALLOWANCE)]
STANDING: list[Any] = [[status.value for status in rules.AWAITING], rules.BEHIND, ALLOWANCES]


@dataclass(frozen=True)
class SlaProjection:
    """What a ticket's clocks say of it as a whole; `next_due_at` None: none is running."""

    ticket_id: int
    state: SlaState
    next_due_at: datetime | None


@transaction.atomic
def set_score_part(
    ticket_id: int, kind: ScorePart, points: int, reason: str, *, actor: User, now: datetime
) -> None:
    """Set one part of the score, or remove it with 0 points. No change, no event."""
    set_score_parts({ticket_id: Part(points=points, reason=reason)}, kind, actor=actor, now=now)


@transaction.atomic
def set_score_parts(
    parts: Mapping[int, Part], kind: ScorePart, *, actor: User, now: datetime
) -> None:
    """Set the part of one kind of many scores, by id of the ticket."""
    held = hold_all(parts)
    found = [(ticket, _rescore(ticket, kind, parts[ticket.pk])) for ticket in held]
    changed = [(ticket, event) for ticket, event in found if event]
    write([ticket for ticket, _ in changed], ["score_parts", "vip_priority_score"])
    publish_all([event for _, event in changed], actor=actor, now=now)


@dataclass(frozen=True, kw_only=True)
class VipMark:
    """Whose level a ticket bears, by which source and why; "" is that of nobody special.

    `points` are what the level counts in the queue: 0 where the module's switch is off.
    """

    level: str = ""
    source: str = ""
    reasons: tuple[str, ...] = ()
    points: int = 0

    @property
    def part(self) -> Part:
        return Part(points=self.points, reason=self.reasons[0] if self.reasons else "")


@transaction.atomic
def set_vips(
    marks: Mapping[int, VipMark],
    *,
    actor: User,
    now: datetime,
    because: str = "",
    is_among_many: bool = False,
) -> int:
    """Let tickets bear VIP levels, by id of the ticket; return how many changed theirs.

    No change, no event. `because` is what brought the change about.
    """
    told = {"because": because, "is_among_many": is_among_many}
    changed = [t for t in hold_all(marks) if _bears_other(t, marks[t.pk])]
    events = [_marked(ticket, marks[ticket.pk], **told) for ticket in changed]
    for ticket in changed:
        mark = marks[ticket.pk]
        ticket.vip_level, ticket.vip_trigger_source = mark.level, mark.source
        ticket.vip_reasons = list(mark.reasons)
    write(changed, ["vip_level", "vip_trigger_source", "vip_reasons"])
    publish_all(events, actor=actor, now=now)
    parts = {ticket_id: mark.part for ticket_id, mark in marks.items()}
    set_score_parts(parts, ScorePart.VIP, actor=actor, now=now)
    return len(changed)


def _bears_other(ticket: Ticket, mark: VipMark) -> bool:
    borne = ticket.vip_level, ticket.vip_trigger_source, tuple(ticket.vip_reasons)
    return borne != (mark.level, mark.source, mark.reasons)


def _marked(ticket: Ticket, mark: VipMark, **told: Any) -> TicketMarked:
    return TicketMarked(
        tenant_id=ticket.tenant_id,
        ticket_id=ticket.pk,
        before=ticket.vip_level,
        after=mark.level,
        source=mark.source,
        reasons=list(mark.reasons),
        **told,
    )


def project_sla(projections: Sequence[SlaProjection]) -> None:
    """Keep on tickets what their clocks say, and with it the instant to be taken by.

    A ticket without a running clock is to be taken by the allowance of its priority, or when
    all others are, while it waits for somebody else.
    """
    rows = [(p.ticket_id, p.state, p.next_due_at) for p in projections]
    if rows:
        columns = [list(column) for column in zip(*rows, strict=True)]
        with connection.cursor() as cursor:
            cursor.execute(PROJECT, [*STANDING, *columns])


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
    reason = _("Waited %(hours)s hours longer than it should") % {"hours": hours}
    lifted = {ticket_id: Part(points=1, reason=reason) for ticket_id in waiting}
    set_score_parts(lifted, ScorePart.FAIRNESS, actor=actor, now=now)
    return len(lifted)


def _rescore(ticket: Ticket, kind: ScorePart, part: Part) -> TicketRescored | None:
    parts = rules.with_part(ticket.score_parts, kind, part["points"], part["reason"])
    if parts == ticket.score_parts:
        return None
    before, after = ticket.vip_priority_score, rules.score_of(parts)
    ticket.score_parts, ticket.vip_priority_score = parts, after
    return TicketRescored(
        tenant_id=ticket.tenant_id,
        ticket_id=ticket.pk,
        part=kind,
        before=before,
        after=after,
        parts=parts,
    )
