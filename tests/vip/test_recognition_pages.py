"""What Cosmo asks, on the pages and by the API."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nova.events.models import EventRecord
from tests.factories import NOW, PersonFactory, RoleFactory
from tests.tickets.making import opened_for
from vip.models import Recognition, VipSettings
from vip.services import designate_vip, reassess

BASE = "/api/support/vip/recognitions"
PAGE = "/vip/recognitions"


@pytest.fixture
def lead(tenant):
    return PersonFactory(role="lead", name="Lena Lead")


@pytest.fixture
def dana(lead):
    person = PersonFactory(name="Dana Fischer", title="CFO")
    designate_vip({"person_id": person.pk}, "exec", reason="Board", actor=lead, now=NOW)
    reassess([person.pk], actor=lead, now=NOW)
    return person


@pytest.fixture
def ask(dana):
    def asked(**stated):
        ticket = opened_for(PersonFactory(name="Amir"), title="Slides for our CFO")
        return Recognition.objects.create(
            **{"tenant_id": dana.tenant_id, "ticket": ticket, "person": dana},
            **{"author": ticket.requester, "level": "exec", "words": "for our CFO"},
            **{"confidence": "0.70", "because": "The words leave a doubt", "created_at": NOW},
            **{"parts": [{"name": "phrase", "amount": 0.3, "reason": "It may say"}]},
            **{"is_sure": False, "state": "proposed", **stated},
        )

    return asked


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def test_the_list_asks_in_words_and_answers_by_one_click(ask, lead, as_person):
    found, browser = ask(), as_person(lead)
    page = browser.get(PAGE).content.decode()
    assert "Cosmo thinks this is for <strong>Dana Fischer</strong>, CFO (0.70)" in page
    assert "“for our CFO”" in page

    answer = browser.post(reverse("vip:judge", args=[found.pk, "accept"]), follow=True)
    assert "Dana Fischer: accepted" in answer.content.decode()
    found.refresh_from_db()
    assert (found.state, found.decided_by, found.ticket.vip_level) == ("accepted", lead, "exec")


def test_a_decision_is_taken_back_from_the_list_of_what_was_decided(ask, lead, as_person):
    found, browser = ask(state="refused", decided_by=lead, decided_at=NOW), as_person(lead)
    assert "Take back" in browser.get(PAGE).content.decode()
    fragment = {"HX-Request": "true"}
    address = reverse("vip:judge", args=[found.pk, "reconsider"])
    answer = browser.post(address, headers=fragment)
    assert answer.status_code == 204
    assert "nova:acted" in answer.headers["HX-Trigger"]
    found.refresh_from_db()
    assert (found.state, found.decided_by) == ("proposed", None)


def test_the_panel_of_the_ticket_asks_too(ask, lead, as_person):
    found = ask()
    panel = as_person(lead).get(reverse("vip:panel", args=[found.ticket.reference]))
    assert "for our CFO" in panel.content.decode()
    assert "Accept" in panel.content.decode()


def test_who_sees_the_flag_and_may_not_judge_is_shown_no_buttons(ask, tenant, as_person):
    seer = PersonFactory(role="technician")
    role = RoleFactory(permissions=["tickets.view_vip_flag"])
    seer.grants.create(role=role, tenant_id=tenant.pk)
    found = ask()
    panel = as_person(seer).get(reverse("vip:panel", args=[found.ticket.reference])).content
    assert "for our CFO" in panel.decode()
    assert "Accept" not in panel.decode()
    assert as_person(seer).get(PAGE).status_code == 404


def test_who_does_not_see_the_flag_is_shown_nothing(ask, tenant, as_person, api_as):
    found, technician = ask(), PersonFactory(role="technician")
    panel = as_person(technician).get(reverse("vip:panel", args=[found.ticket.reference]))
    assert panel.content == b""
    assert api_as(technician).get(BASE).status_code == 403


def test_what_is_decided_is_refused_a_second_time(ask, lead, as_person, api_as):
    found = ask(state="refused", decided_by=lead, decided_at=NOW)
    address = reverse("vip:judge", args=[found.pk, "accept"])
    assert as_person(lead).post(address).status_code == 409
    assert api_as(lead).post(f"{BASE}/{found.pk}/accept").status_code == 409


@pytest.mark.parametrize(
    ("verbs", "state", "level"),
    [
        (["accept"], "accepted", "exec"),
        (["refuse"], "refused", ""),
        (["withdraw"], "withdrawn", ""),
        (["accept", "reconsider"], "proposed", ""),
    ],
)
def test_programs_judge(ask, lead, api_as, verbs, state, level):
    found, program = ask(), api_as(lead)
    for verb in verbs:
        answer = program.post(f"{BASE}/{found.pk}/{verb}")
    assert answer.json()["state"] == state
    found.ticket.refresh_from_db()
    assert found.ticket.vip_level == level


def test_programs_read_by_state(ask, lead, api_as):
    found, other = ask(), ask(state="accepted")
    program = api_as(lead)
    ids = [row["id"] for row in program.get(BASE).json()["results"]]
    assert ids == [other.pk, found.pk]
    [waiting] = program.get(f"{BASE}?state=proposed").json()["results"]
    assert (waiting["id"], waiting["confidence"], waiting["words"]) == (
        *(found.pk, 0.7),
        "for our CFO",
    )
    assert waiting == program.get(f"{BASE}/{found.pk}").json()
    assert program.get(f"{BASE}?state=odd").status_code == 400


def test_those_of_another_tenant_are_not_there(ask, outsider, api_as):
    assert api_as(outsider).post(f"{BASE}/{ask().pk}/accept").status_code in (403, 404)


@pytest.mark.parametrize("address", [PAGE, BASE])
def test_lists_cost_the_same_for_few_and_many(ask, lead, as_person, api_as, address):
    reader = api_as(lead) if address == BASE else as_person(lead)

    def cost(count):
        for _ in range(count):
            ask()
        reader.get(address)
        with CaptureQueriesContext(connection) as queries:
            reader.get(address)
        return len(queries)

    assert cost(3) == cost(30)


def test_core_settles_from_which_confidence_on(tenant, as_person):
    browser = as_person(PersonFactory(role="admin"))
    add = reverse("admin:vip_vipsettings_add")
    filled = {"default_level": "priority", "recognises": "on", "sure_from": "0.4"}
    filled["acknowledge_minutes"] = "3"
    wrong = browser.post(add, {**filled, "propose_from": "0.6"})
    assert b"Cosmo must propose from less than it is sure from." in wrong.content

    assert browser.post(add, {**filled, "propose_from": "0.3"}).status_code == 302
    assert str(VipSettings.objects.get().sure_from) == "0.40"
    told = EventRecord.objects.get(name="accounts.RecordChanged")
    assert told.payload["changes"]["sure_from"][1] == "0.4"
