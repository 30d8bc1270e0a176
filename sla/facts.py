"""What policies look at, read from a draft, from the fact of an opening, or from tickets."""

from collections.abc import Iterable
from typing import Any

from sla.matching import Facts
from tickets.events import TicketOpened
from tickets.intake import TicketDraft
from tickets.models import Ticket, TicketTag

# Of a ticket; in the order of `Facts` but for the tags.
READ = (
    *("priority", "type", "kind", "module", "vip_level", "category_id", "subcategory_id"),
    *("service_id", "department_id", "region_id", "requester__organisation_id"),
    *("team_id", "requester_id"),
)


def facts_of_draft(draft: TicketDraft) -> Facts:
    """Return what policies look at of a ticket that is not there yet."""
    return Facts(
        priority=draft.priority,
        type=draft.type,
        kind=draft.kind,
        module=draft.module,
        vip_level=draft.vip_level,
        category=draft.category_id,
        subcategory=draft.subcategory_id,
        service=draft.service_id,
        department=draft.department_id,
        region=draft.region_id,
        organisation=draft.requester.organisation_id,
        tags=draft.tags,
        team=draft.team_id,
        requester=draft.requester.pk,
    )


def facts_of_opening(event: TicketOpened) -> Facts:
    """Return what policies look at of a ticket that is just being opened."""
    return Facts(
        priority=event.priority,
        type=event.type,
        kind=event.kind,
        module=event.module,
        vip_level=event.vip_level,
        category=event.category_id,
        subcategory=event.subcategory_id,
        service=event.service_id,
        department=event.department_id,
        region=event.region_id,
        organisation=event.organisation_id,
        tags=tuple(event.tags),
        team=event.team_id,
        requester=event.requester_id,
    )


def facts_of_tickets(ticket_ids: Iterable[int]) -> dict[int, Facts]:
    """Return by ticket what policies look at now, in two queries however many they are."""
    ids = list(ticket_ids)
    tags: dict[int, list[str]] = {}
    borne = TicketTag.objects.filter(ticket_id__in=ids)
    for ticket_id, name in borne.values_list("ticket_id", "tag__name"):
        tags.setdefault(ticket_id, []).append(name)
    rows = Ticket.objects.filter(pk__in=ids).values_list("pk", *READ)
    return {pk: _facts(tuple(tags.get(pk, ())), row) for pk, *row in rows}


def _facts(tags: tuple[str, ...], row: list[Any]) -> Facts:
    *matched, team, requester = row
    return Facts._make([*matched, tags, team, requester])
