"""Who may know of a VIP's ticket, and who is next in line where nobody answers."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from nova.accounts.choices import PersonKind
from nova.accounts.models import Department, TeamMembership, User
from nova.accounts.models.people import UserQuerySet
from tickets.models import Ticket
from vip.choices import AlertStep

SEE, MOVE = "tickets.view_vip_flag", "tickets.move_ticket"


def may_see(tenant_id: int) -> UserQuerySet:
    """Return who may see the flag: nobody else ever hears of it."""
    people = User.objects.filter(tenant_id=tenant_id, kind=PersonKind.PERSON)
    return people.with_permission(SEE)


def desk_of(ticket: Ticket) -> list[User]:
    """Return who may see the flag and works on such tickets."""
    desk = may_see(ticket.tenant_id).with_permission(MOVE)
    if ticket.team_id:
        team = TeamMembership.objects.filter(team_id=ticket.team_id).values("person_id")
        desk = desk.filter(pk__in=team)
    return list(desk)


def next_in_line(
    ticket: Ticket, step: int, *, now: datetime
) -> tuple[AlertStep, list[User]] | None:
    """Return the first step after `step` at which there is somebody, and who; None at the end.

    Whoever is away is stood in for. Of a ticket's own requester nobody expects an answer.
    """
    for place in AlertStep:
        if place > step:
            found = _present(_people_at(place, ticket), ticket, now)
            if found:
                return place, found
    return None


def _people_at(place: AlertStep, ticket: Ticket) -> Iterable[User | None]:
    people = User.objects.select_related("stands_in")
    if place == AlertStep.LEAD:
        if ticket.team and ticket.team.lead_id:
            return people.filter(pk=ticket.team.lead_id)
        return people.filter(tenant_id=ticket.tenant_id, roles__key="lead").distinct()
    if place == AlertStep.HEAD:
        return people.filter(pk__in=_heads_over(ticket))
    return people.filter(pk__in=may_see(ticket.tenant_id).with_permission(MOVE).values("pk"))


def _heads_over(ticket: Ticket) -> Iterator[int]:
    """Yield the head of the ticket's department and, where it has none, of the one above it."""
    lead = ticket.team.lead if ticket.team else None
    for start in (ticket.department_id, lead.department_id if lead else None):
        at, seen = start, set[int]()
        while at is not None and at not in seen:
            seen.add(at)
            unit = Department.objects.get(pk=at)
            if unit.head_id:
                yield unit.head_id
                break
            at = unit.parent_id


def _present(people: Iterable[User | None], ticket: Ticket, now: datetime) -> list[User]:
    there = {}
    for person in people:
        here = person.stands_in if person and _is_away(person, now) else person
        if here and not _is_away(here, now) and here.pk != ticket.requester_id:
            there[here.pk] = here
    return list(may_see(ticket.tenant_id).filter(pk__in=there).order_by("pk"))


def _is_away(person: User, now: datetime) -> bool:
    return person.away_until is not None and now < person.away_until
