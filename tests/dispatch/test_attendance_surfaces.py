"""The attendance service in Nova Core and by the API."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from dispatch.models import AttendanceSource, AttendanceState
from nova.events.models import EventRecord
from tests.dispatch.attending import TOKEN, asked, attendance_server, engineer, follow, row
from tests.factories import NOW, PersonFactory

API = "/api/support/attendance"
STATED = {"address": "https://hr.acme.example/nova", "token": TOKEN}


@pytest.fixture
def server():
    with attendance_server() as running:
        yield running


@pytest.fixture(autouse=True)
def _near_and_now(settings):
    settings.OUTBOUND_ANYWHERE = True
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def admin(tenant):
    return PersonFactory(role="admin")


@pytest.fixture
def core(admin, as_person):
    return as_person(admin)


@pytest.fixture
def program(admin, api_as):
    return api_as(admin)


def page(name, *args, model="attendancesource"):
    return reverse(f"admin:dispatch_{model}_{name}", args=args)


def test_core_takes_a_service_and_never_shows_its_token(core):
    answer = core.post(page("add"), {**STATED, "is_on": "on"})
    source = AttendanceSource.objects.get()
    shown = core.get(page("change", source.pk)).content.decode()

    assert answer.status_code == 302
    assert (source.address, source.is_on) == (STATED["address"], True)
    assert STATED["address"] in shown
    assert TOKEN not in shown + source.sealed_token
    assert core.get(page("add")).status_code == 403  # there is one for each tenant


def test_core_keeps_the_token_where_none_is_entered_for_the_same_host(core):
    core.post(page("add"), {**STATED, "is_on": "on"})
    before = AttendanceSource.objects.get()
    change = page("change", before.pk)
    core.post(change, {"address": "https://hr.acme.example/other", "token": ""})
    after = AttendanceSource.objects.get()
    refused = core.post(change, {"address": "https://elsewhere.example", "token": ""})

    assert (after.address, after.is_on) == ("https://hr.acme.example/other", False)
    assert after.sealed_token == before.sealed_token
    assert "give its token" in refused.content.decode()
    assert AttendanceSource.objects.get().address == after.address


def test_core_tells_what_was_set_in_the_history_of_the_record(core):
    core.post(page("add"), {**STATED, "is_on": "on"})
    history = core.get(page("history", AttendanceSource.objects.get().pk)).content.decode()

    assert "AttendanceSourceSet" in history
    assert "token: None → changed" in history
    assert not EventRecord.objects.filter(name="accounts.RecordChanged").exists()


def test_core_asks_now_and_shows_what_came(core, admin, server):
    ann = engineer("ann@acme.example", name="Ann Osei")
    server.says(row(ann, until="2026-03-03T17:00:00Z"), {"email": "x", "on_duty": "yes"})
    source = follow(server, admin)
    asked(source, NOW)
    AttendanceSource.objects.update(next_ask_at=NOW + timedelta(minutes=9))
    asks = core.post(page("ask", source.pk), follow=True).content.decode()
    now = core.get(page("now", source.pk)).content.decode()
    states = core.get(page("changelist", model="attendancestate")).content.decode()

    assert AttendanceSource.objects.get().next_ask_at == NOW
    assert "It is being asked." in asks
    assert "it named 1 engineer." in now
    assert "row 2: on_duty: is not true or false" in now
    assert "Ann Osei" in states
    assert core.get(page("ask", source.pk)).status_code == 405


def test_core_shows_what_went_wrong(core, admin, server):
    source = follow(server, admin)
    server.status = 500
    asked(source, NOW)
    asked(source, NOW + timedelta(minutes=1))

    assert (
        "2 times in a row by then: It answered 500."
        in core.get(page("now", source.pk)).content.decode()
    )


@pytest.mark.parametrize("name", ["change", "now", "ask", "history"])
def test_pages_of_core_are_for_who_arranges_attendance(as_person, admin, server, name):
    source = follow(server, admin)
    lead = as_person(PersonFactory(role="lead"))

    method = lead.post if name == "ask" else lead.get
    assert method(page(name, source.pk)).status_code in (302, 403)
    assert AttendanceSource.objects.get().next_ask_at == NOW


def test_the_services_of_others_are_not_there(as_person, outsider, admin, server):
    source = follow(server, admin)

    for name in ("now", "history"):
        assert as_person(outsider).get(page(name, source.pk)).status_code in (302, 404)
    assert as_person(outsider).post(page("ask", source.pk)).status_code == 404


def test_the_api_says_that_no_service_is_asked(program):
    answer = program.get(API)

    assert (answer.status_code, answer.json()["is_on"], answer.json()["address"]) == (
        200,
        False,
        "",
    )


def test_the_api_takes_a_service_and_says_how_it_answers(program, admin, server):
    ann = engineer("ann@acme.example")
    server.says(row(ann), 7)
    put = program.put(API, {"address": server.address, "token": TOKEN}, format="json")
    asked(AttendanceSource.objects.get())

    assert put.status_code == 200
    assert program.get(API).json() == {
        "address": server.address,
        "has_token": True,
        "is_on": True,
        "answered_at": "2026-03-03T10:00:00Z",
        "failed_at": None,
        "lost_at": None,
        "last_error": "",
        "failures": 0,
        "named": 1,
        "strangers": 0,
        "remarks": ["row 2: is not an object"],
    }
    assert AttendanceState.objects.get().engineer == ann


@pytest.mark.parametrize(
    ("stated", "field"),
    [
        ({"address": "https://hr.acme.example"}, "token"),
        ({**STATED, "address": "ftp://hr.acme.example"}, "address"),
        ({**STATED, "address": "https://me:secret@hr.acme.example"}, "address"),
        ({**STATED, "address": "https://hr.acme.example?x=1"}, "address"),
        ({**STATED, "address": "https://hr.acme.example#x"}, "address"),
        ({**STATED, "address": "https://hr.acme.example:99999"}, "address"),
        ({**STATED, "address": "nonsense"}, "address"),
        ({**STATED, "address": "https://hr.acme.example/" + "x" * 500}, "address"),
        ({**STATED, "token": "two words"}, "token"),
        ({**STATED, "token": "line\nbreak"}, "token"),
        ({**STATED, "token": "ключ"}, "token"),
        ({**STATED, "token": ""}, "token"),
        ({**STATED, "is_on": "perhaps"}, "is_on"),
        ({**STATED, "password": "x"}, "password"),
        ({"token": TOKEN}, "address"),
    ],
)
def test_the_api_says_what_is_wrong_with_a_service(program, stated, field):
    answer = program.put(API, stated, format="json")

    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {field}
    assert not AttendanceSource.objects.exists()


def test_only_https_is_taken_where_only_that_is_asked(program, settings):
    settings.OUTBOUND_ANYWHERE = False
    answer = program.put(API, {**STATED, "address": "http://hr.acme.example"}, format="json")

    assert answer.json()["errors"] == {"address": ["Only https addresses are asked."]}


@pytest.mark.parametrize("role", ["lead", "technician", "integration", "requester"])
def test_the_api_is_for_who_arranges_attendance(api_as, tenant, role):
    program = api_as(PersonFactory(role=role))

    assert program.get(API).status_code == 403
    assert program.put(API, STATED, format="json").status_code == 403
