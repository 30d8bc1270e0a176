"""In which words people are told of clocks."""

from datetime import UTC, datetime

from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

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
