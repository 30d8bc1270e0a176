"""Who may know of a VIP's ticket, and who is next in line where nobody answers."""

from dataclasses import replace
from datetime import datetime

from nova.accounts.chain import Organisation, Place, Post, Search
from nova.accounts.choices import PersonKind
from nova.accounts.models import TeamMembership, User
from nova.accounts.models.people import UserQuerySet
from nova.accounts.organisation import organisation_of
from tickets.models import Ticket
from vip.choices import AlertStep

SEE, MOVE = "tickets.view_vip_flag", "tickets.move_ticket"
LADDERS = {
    AlertStep.LEAD: (Post.LEAD, Post.LEADS),
    AlertStep.HEAD: (Post.HEAD,),
    AlertStep.EVERYBODY: (Post.DESK,),
}


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
    step: int, place: Place, desk: Organisation, *, now: datetime
) -> tuple[AlertStep, list[int]] | None:
    """Return the first step after `step` at which there is somebody, and who; None at the end.

    Whoever is away is stood in for. Of those for whom a ticket is nobody expects an answer.
    """
    search = Search(desk, place, now)
    for later in AlertStep:
        if later > step:
            told = search.find(LADDERS[later]).told
            if told:
                return later, sorted({each.person.pk for each in told})
    return None


def organisation_knowing(tenant_id: int) -> Organisation:
    """Return those who may know of VIPs' tickets; at the desk are those who may move them."""
    desk = may_see(tenant_id).with_permission(MOVE).order_by("pk").values_list("pk", flat=True)
    knowing = organisation_of(tenant_id, needs=(SEE,), knows=SEE)
    return replace(knowing, desk=tuple(desk))
