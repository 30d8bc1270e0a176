"""The words that people put on tickets."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from nova.accounts.models import User
from nova.events.bus import publish
from tickets.events import TicketEdited
from tickets.models import Tag, Ticket, TicketTag
from tickets.services.locking import hold, write_changed


@transaction.atomic
def tag_ticket(
    ticket_id: int,
    names: Iterable[str],
    *,
    actor: User,
    now: datetime,
    version: int | None = None,
) -> Ticket:
    """Give a ticket exactly these tags. No change, no event."""
    ticket = hold(ticket_id, version=version)
    before = sorted(ticket.tags.values_list("name", flat=True))
    after = sorted(set(names))
    if before == after:
        return ticket
    _retag(ticket, after)
    write_changed([ticket], [], now=now)
    event = TicketEdited(
        tenant_id=ticket.tenant_id, ticket_id=ticket.pk, changes={"tags": [before, after]}
    )
    publish(event, actor=actor, now=now)
    return ticket


def _retag(ticket: Ticket, names: list[str]) -> None:
    tenant_id = ticket.tenant_id
    TicketTag.objects.filter(ticket=ticket).exclude(tag__name__in=names).delete()
    Tag.objects.bulk_create(
        [Tag(tenant_id=tenant_id, name=name) for name in names], ignore_conflicts=True
    )
    tags = Tag.objects.filter(tenant_id=tenant_id, name__in=names)
    TicketTag.objects.bulk_create(
        [TicketTag(tenant_id=tenant_id, ticket=ticket, tag=tag) for tag in tags],
        ignore_conflicts=True,
    )
