"""Ask who is a VIP now, and why; and what a ticket is by it."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import connection
from django.db.models import Max

from nova.accounts.models import User
from tickets.models import Ticket
from vip.gathering import gather
from vip.models import Designation, Recognition, VipSettings
from vip.rules import Recognised, Standing, with_recognised

HOLD = "SELECT 1 FROM accounts_user WHERE id = ANY(%s) ORDER BY id FOR SHARE"


def standing_of(person: User, *, at: datetime) -> Standing:
    """Return the level of a person at an instant, with its grounds."""
    return gather([person.pk], at=at).standings(at)[person.pk]


def standing_of_ticket(ticket: Ticket, *, at: datetime) -> Standing:
    """Return what a ticket is to bear: what its requester is, and whom it is for besides."""
    return standings_of_tickets([ticket], {}, at=at)[ticket.pk]


def standings_of_tickets(
    tickets: Collection[Ticket], known: Mapping[int, Standing], *, at: datetime
) -> dict[int, Standing]:
    """Return what tickets are to bear, by their ids. `known` are standings of people."""
    found = recognised_on([ticket.pk for ticket in tickets])
    people = {ticket.requester_id for ticket in tickets}
    people.update(r.person_id for each in found.values() for r in each)
    unknown = people - known.keys()
    standings = {**known, **(gather(sorted(unknown), at=at).standings(at) if unknown else {})}
    return {
        ticket.pk: with_recognised(
            standings[ticket.requester_id],
            [
                Recognised(r.person.name, r.words, standings[r.person_id])
                for r in found.get(ticket.pk, ())
            ],
        )
        for ticket in tickets
    }


def recognised_on(tickets: Collection[int]) -> dict[int, list[Recognition]]:
    """Return by ticket whom it is for by what Cosmo recognised."""
    rows = Recognition.objects.holding().filter(ticket__in=tickets).select_related("person")
    found: dict[int, list[Recognition]] = {}
    for row in rows.order_by("pk"):
        found.setdefault(row.ticket_id, []).append(row)
    return found


def settled_in(tenant_id: int) -> VipSettings:
    """Return what a tenant has settled about VIPs, or the first values."""
    found = VipSettings.objects.filter(tenant=tenant_id).first()
    return found or VipSettings(tenant_id=tenant_id)


def applied_until(now: datetime) -> datetime:
    """Return `now`, or the later instant up to which designations were applied already.

    Each consumer has its own cursor: one that reads late what happened before somebody's status
    ended must not bring it back.
    """
    later = Designation.objects.filter(applied_at__gt=now).aggregate(last=Max("applied_at"))
    return later["last"] or now


def hold_standing(person: User) -> None:
    """Let nobody reassess a person until the transaction ends.

    A ticket that is being opened just then is not there yet for who would mark it; so either the
    opening waits and reads the new standing, or the reassessment waits and finds the ticket.
    """
    hold_standings([person.pk])


def hold_standings(people: Collection[int]) -> None:
    """Let nobody reassess these people until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(HOLD, [list(people)])
