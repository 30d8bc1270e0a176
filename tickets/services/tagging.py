"""The words that people put on tickets."""

from collections.abc import Iterable, Sequence

from tickets.models import Tag, Ticket, TicketTag


def retag(ticket: Ticket, names: Iterable[str]) -> dict[str, list[list[str]]]:
    """Give a ticket exactly these tags; return them before and after, or nothing if they stay.

    For `edit_ticket`, which holds the ticket and tells of it.
    """
    before = sorted(ticket.tags.values_list("name", flat=True))
    after = sorted(set(names))
    if before == after:
        return {}
    TicketTag.objects.filter(ticket=ticket).exclude(tag__name__in=after).delete()
    put_tags(ticket, after)
    return {"tags": [before, after]}


def put_tags(ticket: Ticket, names: Sequence[str]) -> None:
    """Put tags on a ticket, beside those that it bears. For the verb that holds the ticket."""
    if not names:
        return
    tenant_id = ticket.tenant_id
    Tag.objects.bulk_create(
        [Tag(tenant_id=tenant_id, name=name) for name in names], ignore_conflicts=True
    )
    tags = Tag.objects.filter(tenant_id=tenant_id, name__in=names)
    TicketTag.objects.bulk_create(
        [TicketTag(tenant_id=tenant_id, ticket=ticket, tag=tag) for tag in tags],
        ignore_conflicts=True,
    )
