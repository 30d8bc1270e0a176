"""Who is told when a clock warns or breaches, and in which words."""

from datetime import UTC, datetime

from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from nova.accounts.choices import PersonKind
from nova.accounts.models import User
from sla.choices import Metric
from tickets.events import VIP
from tickets.models import Ticket

DO = {
    Metric.RESPONSE: _("respond"),
    Metric.NEXT_RESPONSE: _("answer"),
    Metric.RESOLUTION: _("resolve"),
    Metric.OLA: _("do the team's part"),
}


def assignees_of(ticket: Ticket) -> list[User]:
    """Return who must act: the assignee, or the leads where nobody is assigned."""
    if ticket.assignee_id:
        return list(User.objects.active().filter(pk=ticket.assignee_id))
    return leads_of(ticket)


def warned_early(ticket: Ticket) -> list[User]:
    """Return who must act on a VIP's ticket and may know it; else the leads who may."""
    knowing = [person for person in assignees_of(ticket) if person.has_perm(VIP)]
    return knowing or [person for person in leads_of(ticket) if person.has_perm(VIP)]


def leads_of(ticket: Ticket) -> list[User]:
    """Return who answers for a ticket: its team's lead, else everybody with the role of lead."""
    if ticket.team and ticket.team.lead and ticket.team.lead.is_active:
        return [ticket.team.lead]
    leads = User.objects.filter(tenant_id=ticket.tenant_id, kind=PersonKind.PERSON)
    return list(leads.active().filter(roles__key="lead").distinct())


def words_for(ticket: Ticket, metric: str, at: datetime) -> dict[str, str]:
    """Return what the messages of clocks have in common. One text goes to many: `at` is in UTC."""
    return {
        "reference": ticket.reference,
        "title": ticket.title,
        "target": str(DO[Metric(metric)]),
        "due": formats.date_format(timezone.localtime(at, UTC), "D H:i e"),
    }


def concerned_by(tenant_id: int, author: User) -> list[User]:
    """Return whom a change to many clocks concerns: all leads, and whoever made it."""
    leads = User.objects.filter(tenant_id=tenant_id, kind=PersonKind.PERSON).active()
    found = {lead.pk: lead for lead in leads.filter(roles__key="lead").distinct()}
    if author.kind == PersonKind.PERSON:
        found[author.pk] = author
    return list(found.values())
