"""What of the waiting work somebody may have, as the engine sees it. Nothing is given here."""

from dataclasses import replace
from datetime import datetime

from dispatch.engine.gates import may_have
from dispatch.services.assigning import jobs_for
from dispatch.services.desk import Desk
from dispatch.services.overriding import differs, latest_decisions
from dispatch.services.routing import name_teams
from nova.accounts.models import User
from nova.accounts.permissions import SEE_VIPS
from tickets.models import Ticket
from tickets.models.ticket import QUEUE_ORDER
from tickets.rules import AWAITING

LOOKED_AT = 50


def first_for(person: User, now: datetime) -> Ticket | None:
    """Return the first that somebody may take, in the queue's order.

    That is what nobody has, no gate keeps from them, and the engine names nobody else for.
    """
    free = Ticket.objects.visible_to(person).unresolved().filter(assignee=None)
    free = free.exclude(status__in=AWAITING).order_by(*QUEUE_ORDER)
    tickets = list(free[:LOOKED_AT])
    desk = Desk.of(person.tenant_id, now)
    engineer = desk.engineers.get(person.pk)
    if not tickets or engineer is None:
        return None
    jobs = jobs_for(tickets, name_teams(tickets, desk.policy), desk)
    if not person.has_perm(SEE_VIPS):  # by what they are not offered they would tell VIPs' tickets
        jobs = [replace(job, is_for_vip=False) for job in jobs]
    policy, named = desk.policy.for_engine(), latest_decisions(tickets)
    for ticket, job in zip(tickets, jobs, strict=True):
        is_free = not differs(ticket, person, named.get(ticket.pk))
        if is_free and may_have(engineer, job, policy, now):
            return ticket
    return None
