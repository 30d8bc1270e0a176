"""Start clocks for what has already happened."""

from collections.abc import Iterable, Sequence

from sla.history import Stage, entries_of, lived
from sla.promises import Promise
from sla.services.writing import Writing, begin
from tickets.models import StageVisit, Ticket


def stages_of(ticket_ids: Sequence[int]) -> dict[int, list[Stage]]:
    """Return by ticket the stages that it entered after its first, oldest first."""
    visits = StageVisit.objects.filter(ticket_id__in=ticket_ids).order_by("entered_at", "pk")
    stages: dict[int, list[Stage]] = {ticket_id: [] for ticket_id in ticket_ids}
    for ticket_id, entered_at, status in visits.values_list("ticket_id", "entered_at", "status"):
        stages[ticket_id].append((entered_at, status))
    return {ticket_id: entered[1:] for ticket_id, entered in stages.items()}


def relive(
    writing: Writing, ticket: Ticket, promise: Promise, stages: Iterable[Stage], *, reason: str
) -> None:
    """Start a clock at the ticket's opening, and take it through all that happened since."""
    target = promise.target
    past = entries_of(target.metric, target.pause_on, target.reopen, stages, ticket.responded_at)
    for cycle in lived(promise.terms, ticket.opened_at, past, until=writing.now):
        begin(writing, ticket.pk, promise, cycle, reason=reason)
