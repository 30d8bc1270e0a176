"""Whoever designates is reminded of ends, once each, and asked whether all is still right."""

from datetime import timedelta

import pytest
from django.conf import settings

from nova.errors import Refused
from nova.events.consumers import consume
from nova.events.models import EventRecord
from nova.notifications.models import Delivery
from tests.factories import NOW, PersonFactory
from vip.models import Designation
from vip.services import confirm_vip, designate_vip, remind_of_ends, revoke_vip

DAY = timedelta(days=1)


@pytest.fixture
def settle(tenant, settings_of_ours):
    return lambda: consume(tenant.pk, now=NOW)


@pytest.fixture
def settings_of_ours(settings):
    settings.EVENT_CONSUMERS = {
        path: events
        for path, events in settings.EVENT_CONSUMERS.items()
        if path.startswith(("vip.consumers.", "vip.alerts."))
    }


def ending(boss, days, *, start=0):
    at = NOW + start * DAY
    target = {"person_id": PersonFactory(name="Vera").pk}
    return designate_vip(
        target, "gold", reason="Election", actor=boss, now=at, ends_at=NOW + days * DAY
    )


@pytest.mark.parametrize(
    ("ends", "days", "told"),
    [
        (20, [0, 12, 13, 14, 18, 19, 19.5, 20, 21], [7, 1]),
        (20, [0, 19.5, 21], [1]),
        (7, [0, 1, 5.9, 6, 8], [1]),
        (1, [0, 0.5, 2], []),
        (20, [0, 5, 12.9], []),
    ],
    ids=["both", "late", "shorter than a week", "shorter than a day", "far"],
)
def test_each_reminder_comes_once(tenant, boss, ends, days, told):
    ending(boss, ends)
    for day in days:
        remind_of_ends(tenant.pk, actor=boss, now=NOW + day * DAY)

    events = EventRecord.objects.filter(name="vip.VipEnding").order_by("pk")
    assert [event.payload["days"] for event in events] == told


def test_what_is_revoked_is_not_reminded_of(tenant, boss):
    revoke_vip(ending(boss, 20).pk, reason="x", actor=boss, now=NOW)

    assert remind_of_ends(tenant.pk, actor=boss, now=NOW + 14 * DAY) == 0


def test_the_author_and_those_who_designate_are_told_in_nova_and_by_mail(tenant, boss, settle):
    other, lead = PersonFactory(role="admin"), PersonFactory(role="lead")
    ending(boss, 20)
    remind_of_ends(tenant.pk, actor=boss, now=NOW + 14 * DAY)
    settle()
    told = Delivery.objects.filter(template="vip/mail/ending")

    assert {(d.recipient_id, d.channel) for d in told} == {
        (person.pk, channel) for person in (boss, other) for channel in ("in_app", "email")
    }
    assert told[0].subject == "VIP ends in 7 days: Vera"
    assert "It ends on 23 Mar 2026" in told[0].text
    assert lead.pk not in {d.recipient_id for d in told}


def test_an_author_who_may_not_see_vips_any_more_is_not_told(tenant, boss, settle):
    ending(boss, 20)
    boss.grants.all().delete()
    remind_of_ends(tenant.pk, actor=boss, now=NOW + 14 * DAY)
    settle()

    assert not Delivery.objects.filter(template="vip/mail/ending").exists()


@pytest.mark.parametrize(
    ("age", "confirmed", "due"), [(364, None, 0), (365, None, 1), (800, 364, 0), (800, 365, 1)]
)
def test_what_nobody_has_confirmed_for_a_year_is_due(boss, age, confirmed, due):
    target = {"person_id": boss.pk}
    made = designate_vip(target, "gold", reason="x", actor=boss, now=NOW - age * DAY)
    if confirmed:
        confirm_vip(made.pk, actor=boss, now=NOW - confirmed * DAY)

    assert Designation.objects.unreviewed(NOW).count() == due


def test_what_is_over_cannot_be_confirmed(boss):
    made = ending(boss, 20)
    confirm_vip(made.pk, actor=boss, now=NOW + DAY)
    with pytest.raises(Refused):
        confirm_vip(made.pk, actor=boss, now=NOW + 20 * DAY)

    assert EventRecord.objects.filter(name="vip.VipConfirmed").count() == 1
    assert settings.CELERY_BEAT_SCHEDULE["vip_remind"]["task"] == "vip.remind_of_ends"
