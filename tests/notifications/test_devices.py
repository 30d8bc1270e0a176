"""Alerts reach the devices of whom they are for: encrypted, once, and nobody else's."""

import threading
import time

import pytest
from django.db import connection

from nova.errors import Refused
from nova.events.models import EventRecord
from nova.notifications.devices import MOST_DEVICES, add_device, public_key, remove_device
from nova.notifications.models import Delivery, PushKey, PushSubscription
from nova.notifications.services import deliver_next
from nova.tenancy import fence
from tests.factories import NOW, PersonFactory
from tests.notifications.pushing import claims_of, turned_on


def deliver(person, now=NOW):
    while deliver_next(person.tenant_id, now=now):
        pass


def told(person):
    """Return where the person's pushes stand, and what the last error was."""
    with fence.inside(person.tenant_id):
        pushes = Delivery.objects.filter(channel="push").order_by("pk")
        return list(pushes.values_list("state", "last_error"))


def test_an_alert_is_read_by_the_browser_alone_and_says_what_and_where(
    tell, device, person, push_service
):
    tell("in_app", who="T-1 of a VIP", words="Secret words")
    deliver(person)

    [(headers, body)] = push_service.posts
    shown = push_service.read(body)
    assert shown == {"title": "T-1 of a VIP told you", "link": "/tickets/T-1", "tag": shown["tag"]}
    assert b"Secret" not in body
    assert b"VIP" not in body
    assert headers["Content-Encoding"] == "aes128gcm"
    assert headers["Urgency"] == "high"
    assert headers["TTL"] == "14400"
    assert headers["Topic"] == shown["tag"]
    assert len(shown["tag"]) == 32
    assert told(person) == [("sent", "")]


def test_nova_signs_with_the_key_that_browsers_are_bound_to(
    tell, device, person, push_service, settings
):
    settings.PUSH_CONTACT = "mailto:ops@acme.example"
    tell("in_app")
    deliver(person)

    [(headers, _body)] = push_service.posts
    claims = claims_of(headers["Authorization"])
    assert claims["aud"] == f"http://127.0.0.1:{push_service.server_port}"
    assert claims["sub"] == "mailto:ops@acme.example"
    assert 0 < claims["exp"] - time.time() < 24 * 3600
    with fence.inside(person.tenant_id):
        assert headers["Authorization"].endswith(f",k={PushKey.objects.get().public}")


def test_each_device_is_told_once_however_often_the_event_is_told(
    tell, device, person, push_service
):
    with fence.inside(person.tenant_id):
        turned_on(person, push_service, "two")
    tell("in_app", "email", times=2)
    deliver(person)

    assert len(push_service.posts) == 2
    assert sorted(told(person)) == [("sent", ""), ("sent", "")]


@pytest.mark.parametrize(
    ("channels", "kind"),
    [(["in_app"], "news"), (["email"], "vip"), (["push"], "news")],
    ids=["news", "not in Nova", "asked for, and no alert"],
)
def test_what_is_no_alert_in_nova_reaches_no_device(tell, device, person, channels, kind):
    tell(*channels, kind=kind)

    assert told(person) == []


def test_nobody_else_is_told(tell, device, person, push_service):
    with fence.inside(person.tenant_id):
        other = PersonFactory(role="technician")
    tell("in_app", to=[other])
    deliver(person)

    assert push_service.posts == []


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_the_service_knows_no_more_is_forgotten(
    tell, device, person, push_service, status
):
    push_service.status = status
    tell("in_app")
    tell("in_app")
    deliver(person)

    assert len(push_service.posts) == 1
    assert [state for state, _error in told(person)] == ["dead", "dead"]
    with fence.inside(person.tenant_id):
        assert not PushSubscription.objects.exists()
        removed = EventRecord.objects.get(name="notifications.DeviceRemoved")
    assert str(status) in removed.payload["because"]


@pytest.mark.parametrize("status", [201, 400, 403, 429, 500, 302])
def test_what_fails_is_tried_again_and_what_is_taken_is_not(
    tell, device, person, push_service, status
):
    push_service.status = status
    tell("in_app")
    deliver(person)

    is_taken = status == 201
    error = "" if is_taken else f"The push service answered {status}."
    assert told(person) == [("sent" if is_taken else "failed", error)]
    assert len(push_service.posts) == 1
    with fence.inside(person.tenant_id):
        assert PushSubscription.objects.filter(used_at=NOW).exists() == is_taken


def test_a_service_that_does_not_answer_holds_nobody_up(
    tell, device, person, push_service, monkeypatch
):
    monkeypatch.setattr("nova.notifications.outbound.ANSWER_SECONDS", 0.2)
    push_service.gate.clear()
    tell("in_app")
    deliver(person)

    [(state, error)] = told(person)
    assert state == "failed"
    assert "ReadTimeout" in error
    assert "/push/one" not in error


def test_an_address_within_our_own_network_is_not_asked(
    tell, device, person, push_service, settings
):
    settings.OUTBOUND_ANYWHERE = False
    tell("in_app")
    deliver(person)

    assert told(person) == [("failed", "Only https addresses are asked.")]
    assert push_service.posts == []


def test_who_may_not_come_in_any_more_is_told_nothing(tell, device, person, push_service):
    tell("in_app")
    with fence.inside(person.tenant_id):
        person.is_active = False
        person.save(update_fields=["is_active"])
    deliver(person)

    assert push_service.posts == []
    with fence.inside(person.tenant_id):
        assert not PushSubscription.objects.exists()


def test_who_may_not_know_any_more_is_told_nothing_and_keeps_the_device(
    tell, device, person, push_service, mailbox
):
    tell("in_app", "email", needs="tickets.view_ticket")
    with fence.inside(person.tenant_id):
        assert Delivery.objects.visible_to(person).count() == 1
        person.roles.clear()
    deliver(person)

    assert (push_service.posts, mailbox.mails) == ([], [])
    with fence.inside(person.tenant_id):
        waited = Delivery.objects.exclude(channel="in_app")
        told = {row.channel: (row.state, row.last_error) for row in waited}
        assert told == dict.fromkeys(
            ("email", "push"), ("dead", "The person may not know of it any more.")
        )
        assert PushSubscription.objects.get() == device
        again = type(person).objects.get(pk=person.pk)
        assert not Delivery.objects.visible_to(again).exists()


def test_a_device_that_was_removed_gets_nothing_that_waited(tell, device, person, push_service):
    tell("in_app")
    with fence.inside(person.tenant_id):
        remove_device(device.pk, because="No more", actor=person, now=NOW)
        remove_device(device.pk, because="No more", actor=person, now=NOW)
        assert EventRecord.objects.filter(name="notifications.DeviceRemoved").count() == 1
    deliver(person)

    assert push_service.posts == []
    assert told(person) == [("dead", "The device is not registered any more.")]


def test_nothing_secret_is_kept_open(device, person, push_service):
    given = push_service.given()
    with fence.inside(person.tenant_id), connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(s)::text FROM notifications_pushsubscription s")
        [[row]] = cursor.fetchall()
        added = EventRecord.objects.get(name="notifications.DeviceAdded").payload

    for secret in (given["endpoint"], *given["keys"].values()):
        assert secret not in row
        assert secret not in str(added)


def test_a_browser_that_changes_hands_is_its_new_persons_alone(device, person, push_service):
    with fence.inside(person.tenant_id):
        other = PersonFactory(role="technician")
        turned_on(other, push_service)

        assert [device.person for device in PushSubscription.objects.all()] == [other]


def test_ten_devices_are_enough(person, push_service):
    with fence.inside(person.tenant_id):
        for number in range(MOST_DEVICES):
            turned_on(person, push_service, str(number))
        with pytest.raises(Refused, match="ten devices"):
            turned_on(person, push_service, "one more")
        turned_on(person, push_service, "0")  # one that is known comes again

        assert PushSubscription.objects.count() == MOST_DEVICES


def test_of_many_that_come_at_once_no_more_than_ten_stay(person, push_service, at_once):
    with fence.inside(person.tenant_id):
        for number in range(MOST_DEVICES - 1):
            turned_on(person, push_service, str(number))

    def add(number):
        given = push_service.given(f"late {number}")
        try:
            with fence.inside(person.tenant_id):
                add_device(person, endpoint=given["endpoint"], **given["keys"], label="x", now=NOW)
        except Refused:
            return False
        return True

    assert sum(at_once(add, range(4))) == 1
    with fence.inside(person.tenant_id):
        assert PushSubscription.objects.count() == MOST_DEVICES


def test_the_key_is_made_once_even_by_many_at_once(person, at_once):
    gate = threading.Barrier(4)

    def ask(_number):
        with fence.inside(person.tenant_id):
            gate.wait(5)
            return public_key(person.tenant_id, now=NOW)

    keys = at_once(ask, range(4))

    assert len(set(keys)) == 1
    with fence.inside(person.tenant_id):
        assert PushKey.objects.get().public == keys[0]


def test_the_key_outlives_all_but_the_secret_that_seals_it(person, settings):
    with fence.inside(person.tenant_id):
        first = public_key(person.tenant_id, now=NOW)
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
        assert public_key(person.tenant_id, now=NOW) == first

        settings.SECRET_KEY_FALLBACKS = []
        assert public_key(person.tenant_id, now=NOW) != first
        assert PushKey.objects.count() == 1
