"""Who is told of VIPs after the commit, and in which words. Wired in `nova.settings`."""

from datetime import UTC
from typing import Any

from django.urls import reverse
from django.utils import formats, timezone

from nova.accounts.choices import VipLevel
from nova.events.models import EventRecord
from nova.notifications.choices import Channel, Kind
from nova.notifications.services import hearing, notify
from tickets.events import TicketMarked, TicketOpened
from tickets.models import Ticket
from vip.choices import RecognitionState
from vip.events import PeopleReassessed, VipAlertEscalated, VipEnding, VipRecognised
from vip.leading import SEE, desk_of, may_see
from vip.models import Designation, Recognition, VipAlert
from vip.rules import Standing, change_in_words

DESIGNATE, JUDGE = "vip.designate_vip", "vip.judge_recognitions"
NOBODY_AT_CHAT = [Channel.IN_APP, Channel.EMAIL]


def alert_desk(event: TicketOpened, record: EventRecord) -> None:
    """Tell the desk of a new VIP ticket: its team, or everybody who may see the flag."""
    if not event.vip_level:
        return
    ticket = Ticket.objects.get(pk=event.ticket_id)
    if not ticket.vip_level:  # it is none any more: that was quicker than this reader
        return
    words = {"reason": ticket.vip_reasons[0], "level": VipLevel(event.vip_level).label}
    _alert(ticket, "vip/mail/opened", words, list(Channel), record)


def alert_marked(event: TicketMarked, record: EventRecord) -> None:
    """Tell the desk of an open ticket that became a VIP's, or is one's no more.

    What many gained or lost at once is told once, when the last of them is done.
    """
    if event.before == event.after or event.is_among_many:
        return
    ticket = Ticket.objects.get(pk=event.ticket_id)
    now = Standing(event.after, event.source)
    why = event.reasons[0].partition(": ")[2] if event.reasons else event.because
    words = {"said": change_in_words(event.before, now, why), "is_gained": bool(event.after)}
    channels = list(Channel) if event.after else [Channel.IN_APP]
    _alert(ticket, "vip/mail/marked", words, channels, record)


def tell_reassessed(event: PeopleReassessed, record: EventRecord) -> None:
    """Tell the desk, and whoever brought it about, what became of many at once."""
    words = {"because": event.because, "people": event.people, "tickets": event.tickets}
    desk = may_see(record.tenant_id).with_permission("tickets.move_ticket")
    told = desk.union(may_see(record.tenant_id).filter(pk=record.actor_id))
    notify(
        told if event.tickets else may_see(record.tenant_id).filter(pk=record.actor_id),
        template="vip/mail/reassessed",
        context=words,
        channels=[Channel.IN_APP],
        record=record,
        kind=Kind.VIP,
        needs=SEE,
        link=reverse("tickets:pulse") + "?view=vip",
    )


def tell_ending(event: VipEnding, record: EventRecord) -> None:
    """Remind whoever designated somebody, and those who may do so, that it ends."""
    designation = Designation.objects.named().get(pk=event.designation_id)
    ends_at = designation.ends_at
    known = may_see(record.tenant_id)
    told = known.with_permission(DESIGNATE).union(known.filter(pk=designation.author_id))
    notify(
        told,
        template="vip/mail/ending",
        context={
            "target": str(designation.target),
            "level": designation.get_level_display(),
            "reason": designation.reason,
            "days": event.days,
            "end": formats.date_format(ends_at.astimezone(UTC), "j M Y H:i e") if ends_at else "",
        },
        channels=NOBODY_AT_CHAT,
        record=record,
        kind=Kind.VIP,
        needs=SEE,
        link=reverse("admin:vip_designation_change", args=[designation.pk]),
    )


def tell_proposed(event: VipRecognised, record: EventRecord) -> None:
    """Ask who may judge it whether a ticket is for whom Cosmo takes it to be."""
    if event.after != RecognitionState.PROPOSED:
        return
    found = Recognition.objects.named().get(pk=event.recognition_id)
    notify(
        may_see(record.tenant_id).with_permission(JUDGE),
        template="vip/mail/proposed",
        context={
            "reference": found.ticket.reference,
            "person": str(found.person),
            "level": found.get_level_display(),
            "words": found.words,
            "confidence": str(found.confidence),
        },
        channels=[Channel.IN_APP],
        record=record,
        kind=Kind.VIP,
        needs=SEE,
        link=reverse("vip:recognitions"),
    )


def tell_unanswered(event: VipAlertEscalated, record: EventRecord) -> None:
    """Tell the next in line of an alert that nobody has acknowledged till now."""
    alert = VipAlert.objects.select_related("ticket").get(pk=event.alert_id)
    if alert.ended_at:
        return
    ticket = alert.ticket
    notify(
        may_see(record.tenant_id).filter(pk__in=event.told),
        template="vip/mail/unanswered",
        context={
            "reference": ticket.reference,
            "title": ticket.title,
            "level": alert.get_level_display(),
            "since": formats.date_format(timezone.localtime(alert.opened_at, UTC), "H:i e"),
        },
        channels=list(Channel),
        record=record,
        kind=Kind.VIP,
        needs=SEE,
        link=reverse("tickets:ticket", args=[ticket.reference]),
        hooks=hearing(ticket.tenant_id, Kind.VIP, ticket.vip_level),
    )


def _alert(
    ticket: Ticket, template: str, words: dict[str, Any], channels: list[Any], record: EventRecord
) -> None:
    due = formats.date_format(timezone.localtime(ticket.queue_at, UTC), "H:i e")
    notify(
        desk_of(ticket),
        template=template,
        context={"reference": ticket.reference, "title": ticket.title, "due": due, **words},
        channels=channels,
        record=record,
        kind=Kind.VIP,
        needs=SEE,
        link=reverse("tickets:ticket", args=[ticket.reference]),
        hooks=hearing(ticket.tenant_id, Kind.VIP, ticket.vip_level),
    )
