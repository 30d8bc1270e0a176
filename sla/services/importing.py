"""Compute the clocks of imported tickets: many at once, and nobody is told."""

from collections.abc import Sequence
from datetime import datetime

from nova.accounts.system import system_of
from sla.choices import AT_OPENING
from sla.facts import facts_of_tickets
from sla.history import Stage, carried_on, entries_of
from sla.ledger import Cycle, Entry, fold
from sla.models import Clock
from sla.promises import promises, targets_of
from sla.rules import Change
from sla.services.clocks import next_cycle
from sla.services.looking_back import ledgers_of, relive, stages_of
from sla.services.switching import rematch
from sla.services.writing import Writing
from tickets.events import TicketEdited
from tickets.models import Ticket
from tickets.services.importing import Arrival


def clock_arrivals(arrivals: Sequence[Arrival], *, now: datetime) -> None:
    """Compute the clocks of tickets that an import brought, or brought more of.

    Wired as `settings.TICKET_IMPORTED`: in the import's transaction, which holds the tickets.
    Breaches are dated when they happened, but no event is published: what is long past warns
    nobody. What a live clock has still before it is told as ever.
    """
    if not arrivals:
        return
    tenant_id = arrivals[0].ticket.tenant_id
    writing = Writing(system_of(tenant_id), now)
    grown = [arrival.ticket for arrival in arrivals if not arrival.is_new]
    compute_clocks([a.ticket for a in arrivals if a.is_new], tenant_id, writing)
    _carry_on(grown, writing)
    writing.events.clear()
    writing.crossings.clear()
    writing.write()
    edited = [arrival.ticket.pk for arrival in arrivals if _is_edited(arrival)]
    rematch(dict.fromkeys(edited, ""), actor=writing.actor, now=now)


def compute_clocks(tickets: Sequence[Ticket], tenant_id: int, writing: Writing) -> None:
    """Start the clocks of tickets without any, and take them through their stages."""
    targets = targets_of(tenant_id)
    ids = [ticket.pk for ticket in tickets]
    stages, facts = stages_of(ids), facts_of_tickets(ids)
    for ticket in tickets:
        found = promises(facts[ticket.pk], targets, at=ticket.opened_at)
        for promise in (found[metric] for metric in AT_OPENING if metric in found):
            reason = promise.target.policy.name
            relive(writing, ticket, promise, stages[ticket.pk], reason=reason)


def _carry_on(tickets: Sequence[Ticket], writing: Writing) -> None:
    """Take the clocks that tickets have through what became known of their stages.

    Only what is later than all that a ledger knows counts, because it never runs backwards.
    """
    ids = [ticket.pk for ticket in tickets]
    stages, ledgers = stages_of(ids), ledgers_of(ids)
    by_id = {ticket.pk: ticket for ticket in tickets}
    clocks = Clock.objects.filter(ticket_id__in=ids)
    latest = {(clock.ticket_id, clock.metric): clock for clock in clocks.order_by("number")}
    for key, clock in latest.items():
        ticket = by_id[clock.ticket_id]
        present = fold(ledgers[key])[-1]
        _extend(writing, clock, present, _since(present, clock, ticket, stages[ticket.pk]))


def _since(present: Cycle, clock: Clock, ticket: Ticket, stages: Sequence[Stage]) -> list[Entry]:
    past = entries_of(clock.metric, clock.pause_on, clock.reopen, stages, ticket.responded_at)
    return [entry for entry in past if entry.at > present.changed_at]


def _extend(writing: Writing, clock: Clock, present: Cycle, entries: list[Entry]) -> None:
    first, *others = carried_on(present, entries, until=writing.now)
    added = tuple(entry for entry in first.entries if entry not in present.entries)
    if added:
        writing.put(clock, Change(added, (first,)))
    for cycle in others:
        writing.add(next_cycle(clock, cycle), cycle.entries)


def _is_edited(arrival: Arrival) -> bool:
    return not arrival.is_new and any(
        isinstance(fact.event, TicketEdited) for fact in arrival.facts
    )
