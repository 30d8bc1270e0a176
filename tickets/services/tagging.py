"""The words that people put on tickets."""

from collections.abc import Iterable

from tickets.models import Tag, Ticket, TicketTag


def retag(ticket: Ticket, names: Iterable[str]) -> dict[str, list[list[str]]]:
    """Give a ticket exactly these tags; return them before and after, or nothing if they stay.

    For `edit_ticket`, which holds the ticket and tells of it.
    """
    before = sorted(ticket.tags.values_list("name", flat=True))
    after = sorted(set(names))
    if before == after:
        return {}
    _replace(ticket, after)
    return {"tags": [before, after]}


def _replace(ticket: Ticket, names: list[str]) -> None:
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
