"""Tell people, and see it through: rows in the caller's transaction, sent after the commit."""

import json
import random
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet

from nova.accounts.models import User
from nova.accounts.permissions import SEE_VIPS
from nova.accounts.sealing import seal
from nova.accounts.system import system_of
from nova.events.bus import publish
from nova.events.models import EventRecord
from nova.events.nudge import wake
from nova.notifications import rules
from nova.notifications.choices import ALERTS, Channel, HookForm, Kind, State
from nova.notifications.devices import forget_device
from nova.notifications.events import AlertsSettled, PeopleNotified
from nova.notifications.messages import Message, compose
from nova.notifications.models import WAITING, Delivery, PushSubscription, SlackHook
from nova.notifications.senders import SENDERS, CannotSend, Gone, Withheld
from nova.tenancy.fence import inside

# How long a worker may be at one delivery before another takes it for dead.
LEASE = timedelta(minutes=2)
DELIVER = "notifications.deliver"
PERSONAL: set[str] = {Channel.IN_APP, Channel.EMAIL}
log = structlog.get_logger(__name__)


@transaction.atomic
def notify(
    recipients: Iterable[User],
    *,
    template: str,
    context: Mapping[str, Any],
    channels: Iterable[str],
    record: EventRecord,
    kind: str = Kind.NEWS,
    link: str = "",
    later: Mapping[int, datetime] | None = None,
    hooks: Iterable[SlackHook] | None = None,
    needs: str = "",
) -> None:
    """Tell people about an event, at its instant, once each however often this is called.

    Over Slack it goes to `hooks`, or else to the tenant's that hear this kind, and not to single
    people. An alert that appears in Nova also goes to the devices on which its people asked for
    alerts. What leaves Nova waits until the instant that `later` gives for a person. Whoever
    calls this has made sure that every recipient may learn what the words say; who loses the
    permission that they need before they are sent is not told, and who never had it does not
    find them among the deliveries.
    """
    message = compose(template, context, link)
    people, channels = list(recipients), set(channels)
    fresh = [*_drafts(channels, people, record, kind)]
    if Channel.SLACK in channels:
        heard = hearing(record.tenant_id, kind) if hooks is None else hooks
        fresh += [_to_hook(hook, Channel.SLACK, record, kind) for hook in heard]
    for delivery in fresh:
        at = (later or {}).get(delivery.recipient_id or 0, record.occurred_at)
        delivery.needs = SEE_VIPS if delivery.hook and delivery.hook.levels else needs
        _fill(delivery, message, template, record, at)
    _keep(fresh, record.tenant_id)
    if Channel.IN_APP in channels and people:
        pks = sorted(person.pk for person in people)
        event = PeopleNotified(tenant_id=record.tenant_id, people=pks, template=template)
        publish(event, actor=system_of(record.tenant_id), now=record.occurred_at)


def hearing(tenant_id: int, kind: str, level: str = "") -> QuerySet[SlackHook]:
    """Return the chats that hear of a kind: about a VIP of this level, or nobody special."""
    chats = SlackHook.objects.filter(tenant_id=tenant_id, is_active=True, form=HookForm.CHAT)
    hears_level = Q(levels=[]) | Q(levels__contains=[level]) if level else Q(levels=[])
    return chats.filter(hears_level, kinds__contains=[kind])


def call_hook(
    hook: SlackHook,
    body: Mapping[str, Any],
    *,
    subject: str,
    template: str,
    record: EventRecord,
) -> None:
    """Post facts to a workflow, once for one event however often this is called."""
    message = Message(rules.one_line(subject), json.dumps(body), "", "")
    delivery = _to_hook(hook, Channel.WORKFLOW, record, Kind.NEWS)
    _fill(delivery, message, template, record, record.occurred_at)
    _keep([delivery], record.tenant_id)


def deliver_next(tenant_id: int, *, now: datetime) -> bool:
    """Send one delivery of a tenant that is due; return whether there was one.

    It is claimed in one transaction and settled in another, with the sending between the two:
    if the worker dies there, it is sent again when the lease is over, under the same key.
    """
    with inside(tenant_id):
        delivery = _claim(now)
        error = _withheld(delivery) if delivery else None
    if delivery is None:
        return False
    error = error or _error_of(delivery)
    with inside(tenant_id):
        _settle(delivery, error, now)
    return True


def retry(delivery: Delivery, *, now: datetime) -> None:
    """Let what failed or was given up be sent again, from the first attempt on."""
    waiting = Delivery.objects.filter(pk=delivery.pk).exclude(state=State.SENT)
    waiting.update(state=State.PENDING, attempts=0, next_attempt_at=now)
    transaction.on_commit(partial(wake, DELIVER, delivery.tenant_id), robust=True)


def mark_read(person: User, ids: Iterable[int] | None = None, *, now: datetime) -> int:
    """Note that a person has read these of their notifications, or all; return how many."""
    unread = Delivery.objects.visible_to(person).unread()
    chosen = unread if ids is None else unread.filter(pk__in=list(ids))
    return chosen.update(read_at=now)


def settle(
    tenant_id: int, people: Iterable[int], about: Mapping[str, int], *, now: datetime
) -> None:
    """Take from people's pages the alerts to whose things, by subject, somebody has seen."""
    named = Q()
    for subject, key in about.items():
        named |= Q(record__subject=subject, record__subject_id=key)
    unread = Delivery.objects.unread().alerts().filter(named, recipient__in=list(people))
    found = dict(unread.values_list("pk", "recipient"))
    if found:
        Delivery.objects.filter(pk__in=found).update(read_at=now)
        pks = sorted(set(found.values()))
        event = AlertsSettled(tenant_id=tenant_id, people=pks, template="")
        publish(event, actor=system_of(tenant_id), now=now)


def save_hook(hook: SlackHook, *, url: str = "", key: str = "") -> SlackHook:
    """Save a hook; its URL and its signing key stay as they were where none is given."""
    if url:
        hook.sealed_url = seal(url)
    if key:
        hook.sealed_secret = seal(key)
    hook.save()
    return hook


def _drafts(
    channels: set[str], people: list[User], record: EventRecord, kind: str
) -> Iterator[Delivery]:
    for channel in sorted(channels & PERSONAL):
        for person in people:
            yield Delivery(
                tenant_id=record.tenant_id,
                channel=channel,
                kind=kind,
                recipient=person,
                address=person.email if channel == Channel.EMAIL else "",
            )
    if Channel.IN_APP in channels and kind in ALERTS:
        yield from _to_devices(people, record, kind)


def _to_devices(people: list[User], record: EventRecord, kind: str) -> Iterator[Delivery]:
    held = PushSubscription.objects.filter(tenant_id=record.tenant_id, person__in=people)
    for device in held.select_related("person"):
        yield Delivery(
            tenant_id=record.tenant_id,
            channel=Channel.PUSH,
            kind=kind,
            recipient=device.person,
            subscription=device,
        )


def _to_hook(hook: SlackHook, channel: str, record: EventRecord, kind: str) -> Delivery:
    return Delivery(tenant_id=record.tenant_id, channel=channel, kind=kind, hook=hook)


def _fill(
    delivery: Delivery,
    message: Message,
    template: str,
    record: EventRecord,
    at: datetime,
) -> None:
    """Write on a delivery what it says, and that it goes out at `at`."""
    is_in_app = delivery.channel == Channel.IN_APP
    whom = delivery.hook_id or delivery.subscription_id or delivery.recipient_id
    delivery.key = rules.key_of(str(record.pk), template, delivery.channel, whom)
    delivery.record, delivery.template, delivery.created_at = record, template, record.occurred_at
    delivery.subject, delivery.text, delivery.link = message.subject, message.text, message.link
    delivery.html = message.html if delivery.channel == Channel.EMAIL else ""
    delivery.state = State.SENT if is_in_app else State.PENDING
    delivery.sent_at = record.occurred_at if is_in_app else None
    delivery.next_attempt_at = None if is_in_app else at


def _keep(deliveries: list[Delivery], tenant_id: int) -> None:
    """Write each once, and wake who sends what is to leave Nova."""
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)
    if any(delivery.state == State.PENDING for delivery in deliveries):
        transaction.on_commit(partial(wake, DELIVER, tenant_id), robust=True)


def _claim(now: datetime) -> Delivery | None:
    """Take the delivery that has waited longest. The attempt counts even if the worker dies."""
    due = Delivery.objects.filter(WAITING, next_attempt_at__lte=now).order_by("next_attempt_at")
    delivery = due.select_for_update(skip_locked=True).first()
    if delivery is None:
        return None
    delivery.attempts += 1
    delivery.next_attempt_at = now + LEASE
    delivery.save(update_fields=["attempts", "next_attempt_at"])
    named = Delivery.objects.select_related("hook", "recipient", "subscription")
    return named.get(pk=delivery.pk)


def _withheld(delivery: Delivery) -> CannotSend | None:
    """Return why it goes out no more: between writing and sending lie nights and repeats."""
    person = delivery.recipient
    if person is None or (person.is_active and delivery.needs in ("", *person.permissions)):
        return None
    if person.is_active:
        return Withheld("The person may not know of it any more.")
    return Gone("The person may not come in any more.")


def _error_of(delivery: Delivery) -> CannotSend | None:
    try:
        SENDERS[delivery.channel](delivery)
    except CannotSend as error:
        log.warning("delivery_failed", delivery=delivery.pk, error=str(error))
        return error
    return None


def _settle(delivery: Delivery, error: CannotSend | None, now: datetime) -> None:
    """Note how an attempt ended, unless another worker has taken the delivery over since."""
    mine = Delivery.objects.filter(WAITING, pk=delivery.pk, attempts=delivery.attempts)
    if error is None:
        mine.update(state=State.SENT, sent_at=now, last_error="", next_attempt_at=None)
        if delivery.subscription_id:
            PushSubscription.objects.filter(pk=delivery.subscription_id).update(used_at=now)
        return
    is_over = isinstance(error, (Gone, Withheld))
    wait = None if is_over else rules.wait_after(delivery.attempts, random.random())  # noqa: S311 - spreads, hides nothing
    state = State.DEAD if wait is None else State.FAILED
    mine.update(state=state, last_error=str(error), next_attempt_at=wait and now + wait)
    if isinstance(error, Gone) and delivery.subscription_id:
        forget_device(delivery.subscription_id, because=str(error), now=now)
