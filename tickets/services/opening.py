"""Opening a ticket: from a draft to a numbered row."""

from dataclasses import fields
from datetime import datetime

from django.db import connection, transaction

from nova.accounts.models import User
from nova.events.bus import publish
from nova.tenancy.rows import insert_rows
from tickets import rules
from tickets.events import TicketOpened
from tickets.intake import TicketDraft, apply_intake
from tickets.models import Ticket
from tickets.services.moving import enter_stage
from tickets.services.tagging import put_tags

NOT_COLUMNS = {"tags", "reasons"}
COLUMNS = [field.name for field in fields(TicketDraft) if field.name not in NOT_COLUMNS]
WRITTEN = tuple(
    field.attname
    for field in Ticket._meta.concrete_fields
    if not (field.primary_key or field.generated)
)
NEXT_NUMBER = "UPDATE tickets_ticketnumber SET last = last + 1 WHERE tenant_id = %s RETURNING last"


@transaction.atomic(savepoint=False)
def open_ticket(draft: TicketDraft, *, actor: User, now: datetime) -> Ticket:
    """Save the draft as a numbered ticket, after every app has had its say."""
    draft = apply_intake(draft)
    ticket = _saved(draft, now)
    enter_stage([ticket], ticket.opened_at)
    put_tags(ticket, draft.tags)
    on_behalf_of = None if draft.requester.pk == actor.pk else draft.requester
    publish(_opened(ticket, draft), actor=actor, on_behalf_of=on_behalf_of, now=now)
    return ticket


def _saved(draft: TicketDraft, now: datetime) -> Ticket:
    columns = {name: getattr(draft, name) for name in COLUMNS}
    columns["vip_reasons"] = list(draft.vip_reasons)
    tenant_id = draft.requester.tenant_id
    ticket = Ticket(
        **columns,
        tenant_id=tenant_id,
        status_since=draft.opened_at,
        updated_at=now,
        vip_priority_score=rules.score_of(draft.score_parts),
        number=_next_number(tenant_id),
    )
    [ticket.pk] = insert_rows(Ticket, WRITTEN, [{name: getattr(ticket, name) for name in WRITTEN}])
    return ticket


def _next_number(tenant_id: int) -> int:
    # Taken last before the insert: the row stays locked until the commit, so numbers have no gap.
    with connection.cursor() as cursor:
        cursor.execute(NEXT_NUMBER, [tenant_id])
        return int(cursor.fetchone()[0])


def _opened(ticket: Ticket, draft: TicketDraft) -> TicketOpened:
    return TicketOpened(
        tenant_id=ticket.tenant_id,
        ticket_id=ticket.pk,
        reference=ticket.reference,
        title=ticket.title,
        priority=ticket.priority,
        type=ticket.type,
        kind=ticket.kind,
        module=ticket.module,
        requester_id=ticket.requester_id,
        opened_at=ticket.opened_at.isoformat(),
        category_id=ticket.category_id,
        subcategory_id=ticket.subcategory_id,
        service_id=ticket.service_id,
        department_id=ticket.department_id,
        region_id=ticket.region_id,
        organisation_id=draft.requester.organisation_id,
        team_id=ticket.team_id,
        tags=list(draft.tags),
        vip_level=ticket.vip_level,
        score=ticket.vip_priority_score,
        reasons=list(draft.reasons),
    )
