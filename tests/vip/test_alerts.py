"""Who hears of VIPs' tickets, and how: those who may know, and the chats for their level."""

import pytest

from nova.events.consumers import consume
from nova.notifications.devices import add_device
from nova.notifications.models import Delivery, SlackHook
from sla.services import sweep
from tests.factories import NOW, PersonFactory
from tests.notifications.servers import PushService
from tests.sla.living import minutes
from tests.tickets.making import opened_for
from vip.services import designate_vip, reassess

CHATS = {"#exec": ["exec"], "#gold": ["gold"], "#all": []}


@pytest.fixture
def vera(tenant, boss):
    """Return a VIP of level gold."""
    person = PersonFactory(name="Vera")
    designate_vip({"person_id": person.pk}, "gold", reason="Board", actor=boss, now=NOW)
    reassess([person.pk], actor=boss, now=NOW)
    return person


@pytest.fixture
def _chats(tenant):
    for name, levels in CHATS.items():
        SlackHook.objects.create(
            tenant=tenant,
            name=name,
            sealed_url="x",
            kinds=["vip", "risk", "breach"],
            levels=levels,
        )


def on_a_device(person):
    """Turn a person's alerts on in a browser."""
    service = PushService()
    service.server_close()
    given = service.given(str(person.pk))
    add_device(person, endpoint=given["endpoint"], **given["keys"], label="x", now=NOW)
    return person


def told(channel):
    """Return who was told what over a channel: the hook or the person, and the kind."""
    rows = Delivery.objects.filter(channel=channel).order_by("pk")
    return set(rows.values_list("hook__name" if channel == "slack" else "recipient", "kind"))


@pytest.mark.usefixtures("_chats")
def test_a_gold_ticket_is_told_in_the_chats_for_gold(tenant, vera):
    opened_for(vera, at=minutes(1))
    consume(tenant.pk, now=minutes(1))

    assert told("slack") == {("#gold", "vip"), ("#all", "vip")}


@pytest.mark.usefixtures("_chats")
def test_so_is_its_breach(tenant, vera, boss):
    opened_for(vera, at=minutes(1))
    sweep(tenant.pk, actor=boss, now=minutes(60 * 24 * 7))
    consume(tenant.pk, now=minutes(60 * 24 * 7))

    late = {name for name, kind in told("slack") if kind in ("risk", "breach")}
    assert late == {"#gold", "#all"}


def test_devices_hear_of_a_vip_only_with_those_who_may_know(tenant, vera):
    lead = on_a_device(PersonFactory(role="lead"))
    on_a_device(PersonFactory(role="technician"))
    on_a_device(PersonFactory(role="requester"))
    on_a_device(vera)
    opened_for(vera, at=minutes(1))
    consume(tenant.pk, now=minutes(1))

    assert told("push") == {(lead.pk, "vip")}
