"""In which words people are told of clocks."""

from datetime import UTC, datetime

from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from nova.accounts.choices import PersonKind
from nova.accounts.models import User
from sla.choices import Metric
from tickets.models import Ticket

DO = {
    Metric.RESPONSE: _("respond"),
    Metric.NEXT_RESPONSE: _("answer"),
    Metric.RESOLUTION: _("resolve"),
    Metric.OLA: _("do the team's part"),
}


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
