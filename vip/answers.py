"""What is said beside alerts of VIPs' tickets, to those who may know. Wired in `nova.settings`."""

from collections.abc import Sequence

from django.urls import reverse

from nova.accounts.models import User
from nova.events.models import EventRecord
from nova.notifications.answers import Answer
from nova.notifications.models import Delivery
from tickets.lens import Lens
from vip.leading import MOVE
from vip.models import VipAlert


def answers_for(deliveries: Sequence[Delivery], viewer: User) -> dict[int, Answer]:
    """Return by delivery where its alert is acknowledged, or by whom it was."""
    if not Lens.of(viewer).vip:
        return {}
    told_by = {delivery.record_id or 0 for delivery in deliveries}
    records = EventRecord.objects.filter(pk__in=told_by, subject__in=("ticket", "alert"))
    named = records.values_list("pk", "subject", "subject_id")
    about = {pk: (what, key or 0) for pk, what, key in named}
    alerts = _alerts_about(set(about.values()), viewer)
    found = {}
    for delivery in deliveries:
        what = about.get(delivery.record_id or 0)
        alert = next((each for each in alerts if _covers(each, what, delivery)), None)
        answer = answer_of(alert, viewer) if alert else None
        if answer:
            found[delivery.pk] = answer
    return found


def answer_of(alert: VipAlert, viewer: User) -> Answer | None:
    """Return what is said of one alert; nothing where there is nothing to do."""
    if alert.acknowledged_by:
        return Answer(by=str(alert.acknowledged_by), at=alert.ended_at)
    if alert.ended_at or not viewer.has_perm(MOVE):
        return None
    return Answer(url=reverse("vip:acknowledge", args=[alert.ticket.reference]))


def _alerts_about(things: set[tuple[str, int]], viewer: User) -> list[VipAlert]:
    """Return the alerts of tickets that the viewer may read, the newest first."""
    of_tickets = [key for what, key in things if what == "ticket"]
    themselves = [key for what, key in things if what == "alert"]
    alerts = VipAlert.objects.visible_to(viewer).select_related("ticket", "acknowledged_by")
    named = alerts.filter(ticket__in=of_tickets) | alerts.filter(pk__in=themselves)
    return list(named.order_by("-pk"))


def _covers(alert: VipAlert, what: tuple[str, int] | None, told: Delivery) -> bool:
    if what == ("alert", alert.pk):
        return True
    is_of_ticket = what == ("ticket", alert.ticket_id)
    is_over = alert.ended_at is not None and alert.ended_at < told.created_at
    return is_of_ticket and alert.opened_at <= told.created_at and not is_over
