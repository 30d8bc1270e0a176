"""After the commit: judge the tickets that changed, and tell who must act when a breach becomes
likely. Wired in `nova.settings`."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from nova.accounts.chain import Search
from nova.accounts.models import User
from nova.accounts.system import system_of
from nova.events.models import EventRecord
from nova.events.wiring import takes_batches
from nova.notifications.choices import Channel, Kind
from nova.notifications.services import hearing, notify
from sla import services
from sla.choices import Whom
from sla.events import RiskForeseen
from sla.foretelling.words import reasons_of
from sla.ladders import LADDERS
from sla.models import Prediction
from sla.organisation import organisation_of
from tickets.choices import SlaState
from tickets.models import Ticket
from tickets.places import places_of

TOLD_ALREADY = (SlaState.AT_RISK, SlaState.BREACHED)


@takes_batches
def predict(records: Sequence[EventRecord]) -> None:
    """Judge each ticket that changed, once for the batch."""
    last = records[-1]
    ids = sorted({record.subject_pk for record in records})
    services.predict_tickets(ids, actor=system_of(last.tenant_id), now=last.occurred_at)


def tell_likely(event: RiskForeseen, record: EventRecord) -> None:
    """Warn who must act that a breach is likely; not where a clock has warned already."""
    ticket, now = Ticket.objects.get(pk=event.ticket_id), record.occurred_at
    if not event.is_at_risk or not ticket.is_open or ticket.sla_state in TOLD_ALREADY:
        return
    found = Prediction.objects.filter(ticket=ticket).first()
    search = Search(organisation_of(ticket.tenant_id), places_of([ticket.pk])[ticket.pk], now)
    told = [each.person.pk for each in search.find(LADDERS[Whom.ASSIGNEE]).told]
    notify(
        User.objects.filter(pk__in=told),
        template="sla/mail/likely",
        context={
            "reference": ticket.reference,
            "title": ticket.title,
            "percent": str(event.percent),
            "why": "; ".join(reasons_of(found.reasons) if found else ()) or _("by its history"),
        },
        channels=list(Channel),
        record=record,
        kind=Kind.RISK,
        link=reverse("tickets:ticket", args=[ticket.reference]),
        hooks=hearing(ticket.tenant_id, Kind.RISK, ticket.vip_level),
    )
