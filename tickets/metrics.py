"""What tickets can be measured by: how soon, in time of the wall clock, and how it was liked."""

from django.utils.translation import gettext_lazy as _

from nova.analytics.measures import Measure, Unit, register

SPAN = """
    SELECT id AS ticket_id, extract(epoch FROM {until} - opened_at)::double precision AS value
    FROM tickets_ticket WHERE {until} IS NOT NULL
"""
RATED = """
    SELECT ticket_id, (score >= 4)::int::double precision AS value FROM tickets_rating
"""
register(Measure("response", _("First response"), Unit.SECONDS, SPAN.format(until="responded_at")))
register(Measure("resolution", _("Resolution"), Unit.SECONDS, SPAN.format(until="resolved_at")))
register(
    Measure("satisfaction", _("Satisfaction"), Unit.SHARE, RATED, "tickets.view_satisfaction")
)
