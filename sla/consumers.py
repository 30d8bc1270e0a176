"""What clocks bring about after the commit, in the order of events. Wired in `nova.settings`."""

from collections.abc import Sequence

from django.urls import reverse

from nova.accounts.system import system_of
from nova.events.models import EventRecord
from nova.events.wiring import takes_batches
from nova.notifications.choices import Channel, Kind
from nova.notifications.services import notify
from sla.events import ClocksRecalculated
from sla.telling import concerned_by
from sla.weighing import weigh


@takes_batches
def weigh_risk(records: Sequence[EventRecord]) -> None:
    """Lift open tickets in the queue while a clock of theirs is at risk or breached, or will
    likely breach."""
    last = records[-1]
    about = {record.subject_pk for record in records}
    weigh(about, actor=system_of(last.tenant_id), now=last.occurred_at)


def tell_recalculated(event: ClocksRecalculated, record: EventRecord) -> None:
    """Tell leads, and whoever asked for it, what a recalculation did as a whole."""
    words = {
        "number": str(event.recalculation_id),
        "moved": str(event.moved),
        "breached": str(event.breached),
        "healed": str(event.healed),
        "actor": record.actor.name,
        "undoes": str(event.undoes or ""),
    }
    notify(
        concerned_by(record.tenant_id, record.actor),
        template="sla/mail/recalculated",
        context=words,
        channels=list(Channel),
        record=record,
        kind=Kind.NEWS,
        link=reverse("tickets:pulse") + "?sla=breached",
    )
