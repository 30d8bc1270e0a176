"""One's devices, by page and API: one's own alone, and ended with whoever leaves the browser."""

import json

import pytest

from nova.accounts.sealing import unseal
from nova.events.models import EventRecord
from nova.notifications.middleware import COOKIE
from nova.notifications.models import PushKey, PushSubscription
from nova.tenancy import fence
from tests.conftest import FencedClient
from tests.factories import PersonFactory
from tests.notifications.pushing import turned_on
from tests.notifications.servers import PushService, serving

API = "/api/support/notifications/devices"
PAGE = "/notifications/devices"
RENEWAL = f"{PAGE}/renew"


@pytest.fixture
def service():
    with serving(PushService()) as server:
        yield server


@pytest.fixture
def reader(tenant):
    return PersonFactory(role="technician", password="correct horse battery")


@pytest.fixture
def other(tenant):
    return PersonFactory(role="technician", password="correct horse battery")


def as_a_form(service, name="one"):
    given = service.given(name)
    return {"endpoint": given["endpoint"], **given["keys"]}


def test_a_program_registers_lists_and_removes(api_as, reader, service):
    api = api_as(reader)
    key = api.get(f"{API}/key").json()["public_key"]
    made = api.post(API, service.given(), "json", headers={"User-Agent": "Firefox/150 (Linux)"})

    assert key == PushKey.objects.get().public
    assert made.status_code == 201
    assert made.json().keys() == {"id", "name", "created_at", "used_at"}
    assert made.json()["name"] == "Firefox on Linux"
    assert api.get(API).json()["results"] == [made.json()]
    assert api.delete(f"{API}/{made.json()['id']}").status_code == 204
    assert api.get(API).json()["results"] == []


def test_nobody_sees_or_removes_what_is_anothers(api_as, as_person, reader, other, service):
    device = turned_on(other, service)
    api = api_as(reader)

    assert api.get(API).json()["results"] == []
    assert api.delete(f"{API}/{device.pk}").status_code == 404
    assert api.delete(f"{API}/x").status_code == 404
    assert as_person(reader).post(f"{PAGE}/{device.pk}/remove").status_code == 404
    assert PushSubscription.objects.filter(pk=device.pk).exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"endpoint": "http://push.example/x"}, "endpoint"),
        ({"endpoint": "ftp://push.example/x"}, "endpoint"),
        ({"endpoint": "https://"}, "endpoint"),
        ({"endpoint": ""}, "endpoint"),
        ({"endpoint": "https://push.example/" + "x" * 1000}, "endpoint"),
        ({"keys": {"p256dh": "AAAA", "auth": "A" * 22}}, "keys"),
        ({"keys": {"p256dh": "é", "auth": "A" * 22}}, "keys"),
        ({"keys": {"p256dh": "B" * 87, "auth": "A" * 22}}, "keys"),
        ({"keys": {}}, "keys"),
        ({"keys": None}, "keys"),
        ({"expires": 1}, "expires"),
    ],
)
def test_what_no_browser_gives_is_refused_by_name(
    api_as, reader, service, settings, change, field
):
    settings.OUTBOUND_ANYWHERE = False
    given = {**service.given(), "endpoint": "https://push.example/x", **change}
    answer = api_as(reader).post(API, given, "json")

    assert answer.status_code == 400
    assert next(iter(answer.json()["errors"])).startswith(field)
    assert not PushSubscription.objects.exists()


def test_the_eleventh_is_refused(api_as, reader, service):
    for number in range(10):
        turned_on(reader, service, str(number))
    answer = api_as(reader).post(API, service.given("another"), "json")

    assert answer.status_code == 409
    assert "ten devices" in answer.json()["detail"]


@pytest.mark.parametrize("count", [3, 10])
def test_the_page_costs_the_same_for_few_and_many(
    as_person, reader, service, count, django_assert_num_queries
):
    for number in range(count):
        turned_on(reader, service, str(number))
    browser = as_person(reader)
    browser.get(PAGE)
    with django_assert_num_queries(5):
        page = browser.get(PAGE)

    assert page.content.count(b"own-key-row") == count


def test_a_browser_is_turned_on_by_the_page_and_known_there(as_person, reader, service):
    browser = as_person(reader)
    agent = "Mozilla/5.0 (Windows NT 10.0) Chrome/156.0 Safari/537.36 Edg/156.0"
    answer = browser.post(PAGE, as_a_form(service), headers={"User-Agent": agent})
    page = browser.get(PAGE).content.decode()

    assert answer.status_code == 302
    device = PushSubscription.objects.get()
    assert (device.person, device.label) == (reader, "Edge on Windows")
    assert "Alerts are on in this browser" in page
    assert "data-push-here" in page
    assert as_person(reader).get(PAGE).content.decode().count("data-push-here") == 0


def test_what_a_page_may_not_have_from_a_browser_is_refused(as_person, reader, service):
    answer = as_person(reader).post(PAGE, {**as_a_form(service), "auth": "x"})

    assert answer.status_code == 409
    assert not PushSubscription.objects.exists()


def test_signing_out_ends_the_alerts_of_that_browser_alone(as_person, reader, service):
    elsewhere = turned_on(reader, service, "elsewhere")
    browser = as_person(reader)
    browser.post(PAGE, as_a_form(service))
    browser.post("/accounts/sign-out")

    assert [device.pk for device in PushSubscription.objects.all()] == [elsewhere.pk]
    assert browser.cookies[COOKIE].value == ""


def test_whoever_comes_in_after_a_session_ended_gets_no_alerts_of_the_former_person(
    as_person, reader, other, service, client
):
    browser = as_person(reader)
    browser.post(PAGE, as_a_form(service))
    client.cookies[COOKIE] = browser.cookies[COOKIE].value  # the same browser, the session over
    client.get("/accounts/sign-in")
    assert PushSubscription.objects.exists()  # nobody is there, and they are still told

    given = {"email": other.email, "password": "correct horse battery"}
    assert client.post("/accounts/sign-in", given).status_code == 302
    assert not PushSubscription.objects.exists()


def test_even_somebody_of_another_organisation(as_person, reader, outsider, service):
    browser = as_person(reader)
    browser.post(PAGE, as_a_form(service))
    other = as_person(outsider)
    other.cookies[COOKIE] = browser.cookies[COOKIE].value
    assert other.get(PAGE).status_code == 200

    assert not PushSubscription.objects.exists()


def test_a_cookie_that_nova_did_not_sign_ends_nothing(as_person, reader, other, service):
    device = turned_on(reader, service)
    browser = as_person(other)
    browser.cookies[COOKIE] = f"{device.tenant_id}.{reader.pk}.{device.pk}"
    assert browser.get(PAGE).status_code == 200

    assert PushSubscription.objects.filter(pk=device.pk).exists()


def test_the_worker_may_serve_all_of_nova_and_is_looked_at_anew(client, db):
    answer = client.get("/notifications/worker.js")

    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Service-Worker-Allowed"] == "/"
    assert answer["Cache-Control"] == "no-cache"
    assert b"notificationclick" in answer.content


def test_the_key_stays_within_its_organisation(api_as, reader, outsider):
    mine = api_as(reader).get(f"{API}/key").json()["public_key"]
    with fence.inside(outsider.tenant_id):
        theirs = api_as(outsider).get(f"{API}/key").json()["public_key"]

    assert mine != theirs


@pytest.fixture
def here(as_person, reader, service):
    """Return a browser in which alerts are on, its session over, that checks for forgeries."""
    visited = as_person(reader)
    visited.post(PAGE, as_a_form(service))
    browser = FencedClient(enforce_csrf_checks=True)
    browser.cookies[COOKIE] = visited.cookies[COOKIE].value
    return browser


def renewed(browser, given):
    """Return the answer to what the worker does, once it was told what it takes."""
    token = browser.get(RENEWAL).json()["csrf_token"]
    return browser.post(RENEWAL, given, headers={"X-CSRFToken": token})


def addresses():
    return {json.loads(unseal(each.sealed))["endpoint"] for each in PushSubscription.objects.all()}


def test_a_browser_that_registers_anew_stays_the_same_device(here, reader, service):
    before = PushSubscription.objects.get()
    answer = renewed(here, as_a_form(service, "two"))

    assert answer.status_code == 204
    after = PushSubscription.objects.get()
    assert (after.pk, after.person, after.label) == (before.pk, reader, before.label)
    assert addresses() == {service.given("two")["endpoint"]}
    assert EventRecord.objects.get(name="notifications.DeviceRenewed").actor == reader
    assert renewed(here, as_a_form(service, "two")).status_code == 204
    assert PushSubscription.objects.count() == 1


def test_the_worker_binds_itself_to_the_same_key(here):
    assert here.get(RENEWAL).json()["public_key"] == PushKey.objects.get().public


def test_a_second_registration_of_the_same_person_is_not_kept(here, reader, service):
    turned_on(reader, service, "two")
    assert renewed(here, as_a_form(service, "two")).status_code == 204

    assert addresses() == {service.given("two")["endpoint"]}
    assert PushSubscription.objects.count() == 1


def test_nobody_takes_over_anothers_device_by_its_address(here, other, service):
    theirs = turned_on(other, service, "two")
    assert renewed(here, as_a_form(service, "two")).status_code == 409

    assert PushSubscription.objects.get(pk=theirs.pk).person == other
    assert PushSubscription.objects.count() == 2


def test_only_a_browser_that_nova_knows_registers_anew(here, client, service):
    held = PushSubscription.objects.get()
    client.cookies[COOKIE] = f"{held.tenant_id}.{held.person_id}.{held.pk}"
    for browser in (client, FencedClient()):
        assert browser.get(RENEWAL).status_code == 409
        assert browser.post(RENEWAL, as_a_form(service, "two")).status_code == 409

    assert addresses() == {service.given("one")["endpoint"]}


def test_another_page_cannot_register_a_browser(here, service):
    assert here.post(RENEWAL, as_a_form(service, "two")).status_code == 403
    here.get(RENEWAL)
    assert here.post(RENEWAL, as_a_form(service, "two")).status_code == 403

    assert addresses() == {service.given("one")["endpoint"]}


def test_what_ended_does_not_come_back(here, reader, other, service, as_person):
    came_in = as_person(other)
    came_in.cookies[COOKIE] = here.cookies[COOKIE].value
    assert came_in.post(RENEWAL, as_a_form(service, "two")).status_code == 409
    type(reader).objects.filter(pk=reader.pk).update(is_active=False)
    assert renewed(here, as_a_form(service, "two")).status_code == 409
    assert addresses() == {service.given("one")["endpoint"]}

    PushSubscription.objects.all().delete()
    assert here.get(RENEWAL).status_code == 404
    assert not PushSubscription.objects.exists()


def test_what_is_no_address_is_refused(here, service):
    assert renewed(here, {**as_a_form(service, "two"), "auth": "x"}).status_code == 409


def test_nobody_who_is_not_signed_in_registers_anything(client, service, db):
    assert client.post(API, service.given(), "application/json").status_code == 401
    assert client.get(PAGE).status_code == 302
