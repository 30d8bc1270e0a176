"""Clocks that begin while a ticket is worked on: of the next response, and of each team's part."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from nova.accounts.models import User
from sla import rules
from sla.choices import Metric
from sla.facts import facts_of_tickets
from sla.ledger import LIVE, Cycle, Entry, Kind
from sla.models import Clock
from sla.promises import Promise, promises, targets_of
from sla.services.clocks import act
from sla.services.writing import Writing, begin
from tickets.models import Ticket

STANDING = ("tenant_id", "status", "deleted_at", "responded_at", "team_id")


def await_answer(ticket_id: int, *, actor: User, now: datetime) -> None:
    """Start the clock of the next response, unless one waits already or nobody answered yet.

    Call within a transaction that holds the ticket.
    """
    ticket = Ticket.objects.only(*STANDING).get(pk=ticket_id)
    if ticket.responded_at is None or not ticket.is_open:
        return
    former = _latest([ticket_id], Metric.NEXT_RESPONSE).get(ticket_id)
    promise = _promised([ticket], Metric.NEXT_RESPONSE, now).get(ticket_id)
    if promise and not (former and former.state in LIVE):
        writing = Writing(actor, now)
        start_cycle(writing, ticket, former, promise, reason=_("The requester wrote"))
        writing.write()


def hand_over(teams: Mapping[int, str], *, actor: User, now: datetime) -> None:
    """End the part of the team that had a ticket, and begin that of the one that has it now.

    `teams` are by ticket the name of the new team, or "". Call within a transaction that holds
    the tickets.
    """
    tickets = Ticket.objects.filter(pk__in=teams).only(*STANDING).order_by("pk")
    former = _latest(teams, Metric.OLA)
    found = _promised(list(tickets), Metric.OLA, now)
    writing = Writing(actor, now)
    for ticket in tickets if former or found else ():
        whom = teams[ticket.pk]
        reason = _("Handed to %(team)s") % {"team": whom} if whom else _("Taken from its team")
        clock = former.get(ticket.pk)
        if clock and clock.state in LIVE:
            act(writing, clock, Kind.STOPPED, reason=reason)
        if ticket.pk in found and ticket.is_open:
            start_cycle(writing, ticket, clock, found[ticket.pk], reason=reason)
    writing.write()


def start_cycle(
    writing: Writing, ticket: Ticket, former: Clock | None, promise: Promise, *, reason: str
) -> None:
    """Begin a cycle now, after `former` if there was one; where the stage pauses it, it waits."""
    entry = Entry(writing.now, Kind.STARTED, promise.terms)
    cycle = rules.record(former.cycle() if former else None, entry).cycle
    if ticket.status in promise.target.pause_on:
        cycle = _paused(cycle)
    team_id = ticket.team_id if promise.target.metric == Metric.OLA else None
    begin(writing, ticket.pk, promise, cycle, reason=reason, team_id=team_id)


def _paused(cycle: Cycle) -> Cycle:
    return rules.record(cycle, Entry(cycle.started_at, Kind.PAUSED)).cycle


def _latest(ticket_ids: Iterable[int], metric: Metric) -> dict[int, Clock]:
    clocks = Clock.objects.filter(ticket_id__in=list(ticket_ids), metric=metric)
    return {clock.ticket_id: clock for clock in clocks.order_by("number", "pk")}


def _promised(tickets: Sequence[Ticket], metric: Metric, now: datetime) -> dict[int, Promise]:
    """Return by ticket what is promised for a metric; most catalogues promise none of these."""
    targets = targets_of(tickets[0].tenant_id) if tickets else ()
    if metric not in {target.metric for target in targets}:
        return {}
    facts = facts_of_tickets(ticket.pk for ticket in tickets)
    found = {pk: promises(of_ticket, targets, at=now) for pk, of_ticket in facts.items()}
    return {pk: promised[metric] for pk, promised in found.items() if metric in promised}
