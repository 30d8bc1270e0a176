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
from sla.events import ClockBreached, ClockWarned
from sla.foretelling.words import likely, risen_of
from sla.telling import assignees_of, leads_of, warned_early, words_for
from tickets import rules
from tickets import services as tickets
from tickets.choices import ScorePart, SlaState
from tickets.models import Ticket
from tickets.rules import Part

WARN, WARN_VIP = 75, 50
RISK = ScorePart.RISK
NONE = Part(points=0, reason="")
WEIGHED = ("status", "deleted_at", "sla_state", "score_parts")
REASONS = {
    SlaState.AT_RISK: "Three quarters of its time are used up",
    SlaState.BREACHED: "It is overdue",
}


@takes_batches
def weigh_risk(records: Sequence[EventRecord]) -> None:
    """Lift open tickets in the queue while a clock of theirs is at risk or breached, or will
    likely breach."""
    last = records[-1]
    ids = {record.subject_pk for record in records}
    about, foreseen = Ticket.objects.filter(pk__in=ids).only(*WEIGHED), risen_of(ids)
    wanted = {t.pk: (t.score_parts, _risk_of(t, foreseen.get(t.pk))) for t in about}
    # Most are as they should be already: those need not be held.
    news = {pk: part for pk, (parts, part) in wanted.items() if parts.get(RISK, NONE) != part}
    if news:
        actor = system_of(last.tenant_id)
        tickets.set_score_parts(news, RISK, actor=actor, now=last.occurred_at)


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
    """Tell who should have acted, and who answers for them."""
    ticket = _ticket(record)
    at = datetime.fromisoformat(event.breached_at)
    people = {p.pk: p for p in (*assignees_of(ticket), *leads_of(ticket))}.values()
    words = words_for(ticket, event.metric, at)
    _tell(people, ticket, record, "sla/mail/breached", Kind.BREACH, words)


def _risk_of(ticket: Ticket, foreseen: int | None = None) -> Part:
    reason = REASONS.get(SlaState(ticket.sla_state), "") or likely(foreseen)
    reason = reason if ticket.is_open else ""
    return Part(points=rules.RISK_POINTS, reason=reason) if reason else NONE


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
