"""What clocks bring about after the commit, in the order of events. Wired in `nova.settings`."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.urls import reverse

from nova.accounts.models import User
from nova.accounts.system import system_of
from nova.events.models import EventRecord
from nova.events.wiring import takes_batches
from nova.notifications.choices import Channel, Kind
from nova.notifications.services import notify
from sla.events import ClockBreached, ClocksRecalculated, ClockWarned
from sla.telling import assignees_of, concerned_by, leads_of, warned_early, words_for
from sla.weighing import weigh
from tickets.models import Ticket

WARN, WARN_VIP = 75, 50


@takes_batches
def weigh_risk(records: Sequence[EventRecord]) -> None:
    """Lift open tickets in the queue while a clock of theirs is at risk or breached."""
    last = records[-1]
    about = {record.subject_pk for record in records}
    weigh(about, actor=system_of(last.tenant_id), now=last.occurred_at)


def tell_warning(event: ClockWarned, record: EventRecord) -> None:
    """Warn who must act: from three quarters of the time on, for a VIP from the half.

    To be warned that early tells whose ticket it is, so then only who may know is told.
    """
    ticket = _ticket(record)
    if event.percent >= (WARN_VIP if ticket.vip_level else WARN):
        due_at = datetime.fromisoformat(event.due_at)
        words = {**words_for(ticket, event.metric, due_at), "percent": str(event.percent)}
        people = assignees_of(ticket) if event.percent >= WARN else warned_early(ticket)
        _tell(people, ticket, record, "sla/mail/warned", Kind.RISK, words)


def tell_breach(event: ClockBreached, record: EventRecord) -> None:
    """Tell who should have acted, and who answers for them.

    Of those that a recalculation brings, one summary tells (`tell_recalculated`).
    """
    if event.is_recalculated:
        return
    ticket = _ticket(record)
    at = datetime.fromisoformat(event.breached_at)
    people = {p.pk: p for p in (*assignees_of(ticket), *leads_of(ticket))}.values()
    words = words_for(ticket, event.metric, at)
    _tell(people, ticket, record, "sla/mail/breached", Kind.BREACH, words)


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
        now=record.occurred_at,
        kind=Kind.NEWS,
        link=reverse("tickets:pulse") + "?sla=breached",
    )


def _ticket(record: EventRecord) -> Ticket:
    return Ticket.objects.select_related("team__lead").get(pk=record.subject_pk)


def _tell(
    people: Iterable[User],
    ticket: Ticket,
    record: EventRecord,
    template: str,
    kind: Kind,
    words: dict[str, str],
) -> None:
    notify(
        people,
        template=template,
        context=words,
        channels=list(Channel),
        record=record,
        now=record.occurred_at,
        kind=kind,
        link=reverse("tickets:ticket", args=[ticket.reference]),
    )
