"""Tickets of VIPs for reports: of two levels, at two places, some solved late."""

from datetime import datetime, timedelta
from typing import Any

from nova.accounts.models import Site, User
from tests.factories import NOW, PersonFactory
from tests.tickets.making import opened_for
from tickets import services
from tickets.models import Ticket
from vip.services import designate_vip

HOUR = timedelta(hours=1)


def vip(lead: User, level: str, site: Site, name: str = "Vera Lind") -> User:
    person = PersonFactory(name=name, site=site)
    designate_vip({"person_id": person.pk}, level, reason="Board", actor=lead, now=NOW)
    return person


def solved(
    requester: User,
    worker: User,
    at: datetime,
    *,
    after: timedelta,
    score: int = 0,
    **stated: Any,
) -> Ticket:
    """Return a ticket of the worker's, answered after a tenth of the time that it took."""
    ticket = opened_for(requester, at=at, site_id=requester.site_id, **stated)
    services.assign_ticket(ticket.pk, {"assignee": worker}, actor=worker, now=at)
    services.add_comment(ticket.pk, "On it", actor=worker, now=at + after / 10)
    services.move_ticket(ticket.pk, "resolved", actor=worker, now=at + after)
    if score:
        services.rate_ticket(ticket.pk, score, actor=requester, now=at + after)
    ticket.refresh_from_db()
    return ticket


def a_fortnight(lead: User, worker: User, here: Site, there: Site) -> list[Ticket]:
    """Return 40 tickets: mornings of an exec here, afternoons of a gold VIP there."""
    exec_, gold = vip(lead, "exec", here), vip(lead, "gold", there, "Ida Berg")
    made = []
    for n in range(40):
        person, hour = ((exec_, 8), (gold, 14))[n % 2]
        at = NOW.replace(hour=hour, minute=n) + timedelta(days=1 + n // 4)
        made.append(solved(person, worker, at, after=(1 + n % 7) * HOUR, score=1 + n % 5))
    solved(PersonFactory(site=here), worker, NOW + timedelta(days=2), after=HOUR)  # no VIP
    return made
