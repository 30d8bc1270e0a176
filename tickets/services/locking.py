"""How a verb takes hold of tickets, and writes what it changed of them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from nova.errors import Refused, Stale
from nova.tenancy.rows import update_rows
from tickets.models import Ticket


def hold(ticket_id: int, *, version: int | None = None) -> Ticket:
    """Return the ticket, locked until the transaction ends.

    Raises `Stale` when `version` is given and somebody changed the ticket since.
    """
    ticket = Ticket.objects.select_for_update(of=["self"]).get(pk=ticket_id)
    if version is not None and version != ticket.version:
        message = _("%(ticket)s was changed by somebody else. Look at it again.")
        raise Stale(message % {"ticket": ticket.reference})
    return ticket


def hold_all(ticket_ids: Iterable[int]) -> list[Ticket]:
    """Return the tickets, locked. In one order everywhere: so no two verbs wait for each other."""
    tickets = Ticket.objects.select_for_update(of=["self"]).filter(pk__in=list(ticket_ids))
    return list(tickets.order_by("pk"))


def write_changed(tickets: Sequence[Ticket], columns: Collection[str], *, now: datetime) -> None:
    """Write these columns of held tickets, each with a new version."""
    for ticket in tickets:
        ticket.version += 1
        ticket.updated_at = now
    write(tickets, [*columns, "version", "updated_at"])


def write(tickets: Sequence[Ticket], columns: Collection[str]) -> None:
    """Write these columns of held tickets by one statement."""
    names = tuple(sorted(columns))
    rows = [{"id": t.pk, **{name: getattr(t, name) for name in names}} for t in tickets]
    update_rows(Ticket, names, rows)


def deletions(tickets: Sequence[Ticket]) -> dict[int, Refused]:
    """Return by id of a deleted ticket that nothing can be done to it."""
    message = _("%(ticket)s is deleted. Restore it first.")
    deleted = (ticket for ticket in tickets if ticket.deleted_at is not None)
    return {ticket.pk: Refused(message % {"ticket": ticket.reference}) for ticket in deleted}


def refuse_deleted(ticket: Ticket) -> None:
    for refusal in deletions([ticket]).values():
        raise refusal
