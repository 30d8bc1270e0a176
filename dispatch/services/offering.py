"""What of the waiting work somebody may have, as the engine sees it. Nothing is given here."""

from datetime import datetime

from dispatch.engine.gates import may_have
from dispatch.services.assigning import jobs_for
from dispatch.services.desk import Desk
from dispatch.services.routing import name_teams
from nova.accounts.models import User
from tickets.models import Ticket
from tickets.models.ticket import QUEUE_ORDER
from tickets.rules import AWAITING

LOOKED_AT = 50


def first_for(person: User, now: datetime) -> Ticket | None:
    """Return the first that nobody has and no gate keeps from somebody, in the queue's order."""
    free = Ticket.objects.visible_to(person).unresolved().filter(assignee=None)
    free = free.exclude(status__in=AWAITING).order_by(*QUEUE_ORDER)
    tickets = list(free[:LOOKED_AT])
    desk = Desk.of(person.tenant_id, now)
    engineer = desk.engineers.get(person.pk)
    if not tickets or engineer is None:
        return None
    jobs = jobs_for(tickets, name_teams(tickets, desk.policy), desk)
    policy, pairs = desk.policy.for_engine(), zip(tickets, jobs, strict=True)
    return next((ticket for ticket, job in pairs if may_have(engineer, job, policy, now)), None)
