"""A workflow gets facts, once and signed; and what waits for the morning waits."""

import hmac
import json
from datetime import timedelta

import pytest

from nova.events.bus import publish
from nova.events.models import EventRecord
from nova.notifications.models import Delivery, SlackHook
from nova.notifications.services import call_hook, deliver_next, notify, save_hook
from nova.tenancy import fence
from tests.events.facts import Happened
from tests.factories import NOW

KEY = "a key of theirs"
MORNING = NOW + timedelta(hours=4)


@pytest.fixture
def record(person):
    with fence.inside(person.tenant_id):
        publish(Happened(tenant_id=person.tenant_id, number=1), actor=person, now=NOW)
        return EventRecord.objects.latest("pk")


def test_it_is_signed_by_its_key_and_called_once_however_often_it_is_asked_for(
    person, chat, record
):
    with fence.inside(person.tenant_id):
        made = SlackHook(tenant_id=person.tenant_id, name="Flow", form="workflow")
        flow = save_hook(made, url=chat.url, key=KEY)
        for _ in range(2):
            call_hook(flow, {"n": 1}, subject="At 90 %", template="x", record=record)
    while deliver_next(person.tenant_id, now=NOW):
        pass

    [(headers, body)] = chat.posts
    expected = hmac.new(KEY.encode(), body, "sha256").hexdigest()
    assert headers["X-Nova-Signature"] == f"sha256={expected}"
    assert json.loads(body) == {"id": headers["Idempotency-Key"], "n": 1}


def test_mail_waits_until_the_morning_and_nova_does_not(person, record):
    with fence.inside(person.tenant_id):
        notify(
            [person],
            template="notices/told",
            context={"who": "Nova", "words": "It works."},
            channels=["in_app", "email"],
            record=record,
            later={person.pk: MORNING},
        )
        told = dict(Delivery.objects.values_list("channel", "next_attempt_at"))

    assert told == {"in_app": None, "email": MORNING}
    assert not deliver_next(person.tenant_id, now=MORNING - timedelta(seconds=1))
