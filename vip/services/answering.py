"""Alerts: opened for the desk, acknowledged by a person, escalated while nobody does."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from nova.accounts.choices import PersonKind
from nova.accounts.models import User
from nova.errors import Refused
from nova.events.bus import publish
from nova.notifications.services import settle
from tickets.models import Ticket
from tickets.places import places_of
from vip.choices import AlertStep
from vip.events import VipAlertAcknowledged, VipAlertEscalated
from vip.leading import may_see, next_in_line, organisation_knowing
from vip.models import VipAlert, VipSettings
from vip.models.ruling import ACKNOWLEDGE_MINUTES

AT_ONCE = 100


def open_alert(ticket: Ticket, kind: str, *, now: datetime) -> None:
    """Let the alert of a VIP's open ticket wait for an answer, unless one waits already."""
    if not ticket.vip_level or not ticket.is_open:
        return
    minutes = minutes_of(ticket.tenant_id)
    alert = VipAlert(
        tenant_id=ticket.tenant_id,
        ticket=ticket,
        kind=kind,
        level=ticket.vip_level,
        opened_at=now,
        escalate_at=now + timedelta(minutes=minutes) if minutes else None,
    )
    VipAlert.objects.bulk_create([alert], ignore_conflicts=True)


@transaction.atomic
def acknowledge_alert(ticket_id: int, *, actor: User, now: datetime) -> VipAlert:
    """Note that a person takes care of what the desk was alerted of.

    Those who were told see it at once. Of two at the same time one is first. Raises `Refused`
    where nothing waits, and says who was faster.
    """
    alert = _held(ticket_id)
    if alert is None:
        raise Refused(_why_nothing_waits(ticket_id))
    _acknowledge(alert, actor=actor, now=now)
    return alert


@transaction.atomic
def note_act(ticket_id: int, *, actor: User, now: datetime) -> None:
    """Take what a person of the desk did on a ticket after its alert for an acknowledgement."""
    alert = _held(ticket_id)
    is_desk = actor.kind == PersonKind.PERSON and actor.has_perm("tickets.view_ticket")
    if alert is None or not is_desk or now < alert.opened_at:
        return
    if actor.pk != alert.ticket.requester_id:
        _acknowledge(alert, actor=actor, now=now, by_acting=True)


def end_alert(ticket_id: int, *, now: datetime) -> None:
    """End what waits without anybody's answer: it is of no concern any more."""
    VipAlert.objects.open().filter(ticket=ticket_id).update(ended_at=now)


@transaction.atomic
def escalate_unanswered(tenant_id: int, *, actor: User, now: datetime) -> int:
    """Tell the next in line of each alert whose time is over; return how many were looked at.

    Several workers share them. One that comes late tells the next step and no other: whoever is
    told then has the whole time to answer.
    """
    due = VipAlert.objects.due(now).filter(tenant_id=tenant_id).order_by("escalate_at")
    named = due.select_related("ticket").select_for_update(skip_locked=True, of=["self"])
    held, minutes = list(named[:AT_ONCE]), minutes_of(tenant_id)
    calling = [alert for alert in held if not _end_idle(alert, now)]
    if calling:
        desk = organisation_knowing(tenant_id)
        places = places_of([alert.ticket_id for alert in calling])
        for alert in calling:
            place = places[alert.ticket_id]
            found = next_in_line(alert.step, place, desk, now=now) if minutes else None
            _escalate(alert, found, minutes, actor=actor, now=now)
    return len(held)


def minutes_of(tenant_id: int) -> int:
    """Return how many minutes a tenant gives for an answer; 0 is for ever."""
    settled = VipSettings.objects.filter(tenant_id=tenant_id)
    found = settled.values_list("acknowledge_minutes", flat=True).first()
    return ACKNOWLEDGE_MINUTES if found is None else found


def _held(ticket_id: int) -> VipAlert | None:
    waiting = VipAlert.objects.open().filter(ticket=ticket_id).select_related("ticket")
    return waiting.select_for_update(of=["self"]).first()


def _acknowledge(alert: VipAlert, *, actor: User, now: datetime, by_acting: bool = False) -> None:
    alert.acknowledged_by, alert.ended_at = actor, now
    alert.save(update_fields=["acknowledged_by", "ended_at"])
    people = may_see(alert.tenant_id).values_list("pk", flat=True)
    about = {"ticket": alert.ticket_id, "alert": alert.pk}
    settle(alert.tenant_id, people, about, now=now)
    event = VipAlertAcknowledged(
        tenant_id=alert.tenant_id,
        alert_id=alert.pk,
        ticket_id=alert.ticket_id,
        level=alert.level,
        by_acting=by_acting,
    )
    publish(event, actor=actor, now=now)


def _end_idle(alert: VipAlert, now: datetime) -> bool:
    """End an alert that calls nobody any more, and say whether it is one."""
    if alert.ticket.is_open and alert.ticket.vip_level:
        return False
    alert.ended_at = now
    alert.save(update_fields=["ended_at"])
    return True


def _escalate(
    alert: VipAlert,
    found: tuple[AlertStep, list[int]] | None,
    minutes: int,
    *,
    actor: User,
    now: datetime,
) -> None:
    """Note how far an alert has come, and tell of it where somebody is found."""
    alert.step = found[0] if found else alert.step
    goes_on = found is not None and found[0] < max(AlertStep)
    alert.escalate_at = now + timedelta(minutes=minutes) if goes_on else None
    alert.save(update_fields=["step", "escalate_at"])
    if found:
        event = VipAlertEscalated(
            tenant_id=alert.tenant_id,
            alert_id=alert.pk,
            ticket_id=alert.ticket_id,
            level=alert.level,
            step=int(found[0]),
            told=found[1],
            minutes=minutes,
        )
        publish(event, actor=actor, now=now)


def _why_nothing_waits(ticket_id: int) -> str:
    ended = VipAlert.objects.filter(ticket=ticket_id).exclude(acknowledged_by=None)
    last = ended.select_related("acknowledged_by").order_by("-pk").first()
    if last is None:
        return _("Nothing waits to be acknowledged here.")
    return _("%(person)s has acknowledged it already.") % {"person": last.acknowledged_by}
