"""Who would be first for tickets by a draft of the policy, and who is now. Nothing is given."""

from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.engine.facts import Job
from dispatch.models import AssignmentPolicy
from dispatch.services.assigning import jobs_for
from dispatch.services.desk import Desk
from dispatch.services.routing import name_teams
from nova.accounts.models import User
from tickets.models import Ticket


@dataclass(frozen=True)
class Tried:
    """A ticket, and by name who would be first for it now and by the draft; "": nobody."""

    ticket: Ticket
    now: str
    then: str


def tried_on(draft: AssignmentPolicy, viewer: User, *, now: datetime, most: int) -> list[Tried]:
    """Return what a draft would mean for the newest open tickets, each by itself.

    It tells of VIPs, for whom others may be preferred: only for who may know of them.
    """
    newest = Ticket.objects.visible_to(viewer).unresolved().order_by("-pk")
    tickets = list(newest[:most])
    present = Desk.of(viewer.tenant_id, now)
    if not tickets or not present.engineers:
        return []
    drafted = replace(present, policy=draft)
    jobs = jobs_for(tickets, name_teams(tickets, present.policy), present)
    return [
        Tried(ticket, _first(present, ticket, job), _first(drafted, ticket, job))
        for ticket, job in zip(tickets, jobs, strict=True)
    ]


def _first(desk: Desk, ticket: Ticket, job: Job) -> str:
    primary = desk.decide(job, ticket.assignee_id).primary
    return primary.engineer.name if primary else ""
