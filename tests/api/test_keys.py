"""API keys: what they open, and who makes and ends them."""

from datetime import timedelta

import pytest
import time_machine

from nova.accounts import services
from nova.accounts.models import ApiKey
from nova.api.models import IdempotentAnswer
from nova.tenancy import fence
from tests.conftest import FencedClient
from tests.factories import NOW

pytestmark = pytest.mark.django_db
ME, PEOPLE, KEYS = "/api/support/me", "/api/support/people", "/api/support/api-keys"
ASKED = {"name": "ERP", "scopes": ["*"]}
ONCE = {"HTTP_IDEMPOTENCY_KEY": "k-1"}


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(NOW, tick=False):
        yield


def make_key(person, **changes):
    wanted = {"scopes": ["*"], "expires_at": None, "actor": person, "now": NOW, **changes}
    return services.create_api_key(person, "ERP", **wanted)


def with_key(api, text):
    api.credentials(HTTP_AUTHORIZATION=f"Api-Key {text}")
    return api


def test_a_key_acts_as_its_person(api, person):
    key, text = make_key(person)

    assert with_key(api, text).get(ME).json()["email"] == person.email
    key.refresh_from_db()
    assert key.last_used_at == NOW


def test_only_a_digest_is_kept(person):
    key, text = make_key(person)

    assert text.rpartition("_")[2] not in str(ApiKey.objects.values().get(pk=key.pk))
    assert len(key.digest) == 64


def test_scopes_narrow_what_it_may_do(api, person):
    _key, text = make_key(person, scopes=["tickets.open_ticket", "vip.designate_vip"])

    assert with_key(api, text).get(ME).json()["permissions"] == ["tickets.open_ticket"]
    assert api.get(PEOPLE).status_code == 403


def test_it_ends_when_it_expires(api, person):
    _key, text = make_key(person, expires_at=NOW + timedelta(hours=1))
    with_key(api, text)

    assert api.get(ME).status_code == 200
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        assert api.get(ME).status_code == 401


def test_it_ends_when_it_is_revoked(api, person):
    key, text = make_key(person)
    services.revoke_api_key(key.pk, actor=person, now=NOW)

    assert with_key(api, text).get(ME).status_code == 401


def test_it_ends_with_its_person(api, person, admin):
    _key, text = make_key(person)
    services.deactivate_person(person.pk, actor=admin, now=NOW)

    assert with_key(api, text).get(ME).status_code == 401


@pytest.mark.parametrize("place", [-1, 10])
def test_one_letter_wrong_is_wrong(api, person, place):
    _key, text = make_key(person)
    letters = list(text)
    letters[place] = "a" if letters[place] != "a" else "b"

    assert with_key(api, "".join(letters)).get(ME).status_code == 401


@pytest.mark.parametrize(("seconds", "is_noted"), [(59, False), (60, True)])
def test_its_use_is_noted_once_a_minute(api, person, seconds, is_noted):
    key, text = make_key(person)
    with_key(api, text).get(ME)
    later = NOW + timedelta(seconds=seconds)

    with time_machine.travel(later, tick=False):
        api.get(ME)

    key.refresh_from_db()
    assert (key.last_used_at == later) is is_noted


def test_a_person_makes_and_revokes_their_own(api_as, api, person):
    mine = api_as(person)

    made = mine.post(KEYS, {"name": "ERP", "scopes": ["*"]})

    assert made.status_code == 201
    assert with_key(api, made.json()["key"]).get(ME).status_code == 200
    assert "key" not in mine.get(KEYS).json()["results"][0]
    assert mine.delete(f"{KEYS}/{made.json()['id']}").status_code == 204
    assert api.get(ME).status_code == 401


def test_asked_for_twice_it_is_made_once_and_its_text_is_not_kept(api_as, person):
    mine = api_as(person)
    first = mine.post(KEYS, ASKED, **ONCE)
    second = mine.post(KEYS, ASKED, **ONCE)

    assert (second.status_code, second["Idempotency-Replayed"]) == (201, "true")
    told = {"key": None, "notice": second.json()["notice"]}
    assert second.json() == {**first.json(), **told}
    assert "revoke it" in told["notice"]
    assert ApiKey.objects.count() == 1
    kept = bytes(IdempotentAnswer.objects.get().body)
    assert first.json()["key"].rpartition("_")[2].encode() not in kept


def test_another_key_under_the_same_idempotency_key_is_refused(api_as, person):
    mine = api_as(person)
    mine.post(KEYS, ASKED, **ONCE)

    assert mine.post(KEYS, {**ASKED, "name": "CRM"}, **ONCE).status_code == 422
    assert ApiKey.objects.count() == 1


def test_nobody_sees_or_makes_keys_of_others_without_the_permission(api_as, person, admin):
    key, _text = make_key(admin)
    mine = api_as(person)

    assert mine.get(KEYS).json()["results"] == []
    assert mine.delete(f"{KEYS}/{key.pk}").status_code == 404
    body = {"name": "x", "scopes": ["*"], "person": admin.pk}
    assert mine.post(KEYS, body).status_code == 403


def test_those_who_manage_keys_do(api_as, person, admin):
    made = api_as(admin).post(KEYS, {"name": "x", "scopes": ["*"], "person": person.pk})

    assert made.json()["person"]["id"] == person.pk
    assert len(api_as(admin).get(KEYS).json()["results"]) == 1


def test_a_key_cannot_make_keys(api, person):
    _key, text = make_key(person, scopes=["tickets.open_ticket"])

    answer = with_key(api, text).post(KEYS, {"name": "stronger", "scopes": ["*"]})

    assert answer.status_code == 403


def test_scopes_that_do_not_exist_are_told(api_as, person):
    answer = api_as(person).post(KEYS, {"name": "x", "scopes": ["tickets.fly"]})

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["scopes"]


def test_a_session_reads(as_person, person):
    assert as_person(person).get(ME).status_code == 200


def test_a_session_writes_with_its_csrf_token_only(person):
    browser = FencedClient(enforce_csrf_checks=True)
    with fence.inside(person.tenant_id):
        browser.force_login(person)

    answer = browser.post(KEYS, {"name": "x", "scopes": ["*"]}, content_type="application/json")

    assert answer.status_code == 403
    assert not ApiKey.objects.exists()
