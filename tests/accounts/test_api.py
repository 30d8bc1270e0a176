"""Tokens, keys, and who is who, at the API."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nova.accounts import services, tokens, totp
from nova.accounts.models import ApiKey, User
from nova.events.models import EventRecord
from nova.tenancy import fence
from tests.conftest import FencedClient
from tests.factories import PASSWORD, DepartmentFactory, PersonFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 3, 10, tzinfo=UTC)
TOKEN, REFRESH, REVOKE = "/api/auth/token", "/api/auth/token/refresh", "/api/auth/token/revoke"
ME, PEOPLE, KEYS = "/api/support/me", "/api/support/people", "/api/support/api-keys"


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def person(tenant):
    return PersonFactory(role="technician", name="Ada")


@pytest.fixture
def boss(tenant):
    return PersonFactory(role="admin", name="Boss")


def make_key(person, **changes):
    wanted = {"scopes": ["*"], "expires_at": None, "actor": person, "now": NOW, **changes}
    return services.create_api_key(person, "ERP", **wanted)


def with_key(api, text):
    api.credentials(HTTP_AUTHORIZATION=f"Api-Key {text}")
    return api


def sign_in(api, person, **more):
    return api.post(TOKEN, {"email": person.email, "password": PASSWORD, **more})


class TestWhoNobodyIs:
    @pytest.mark.parametrize("address", [ME, PEOPLE, KEYS])
    def test_without_credentials_the_answer_is_401_with_a_challenge(self, api, db, address):
        answer = api.get(address)

        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.headers["Content-Type"].startswith("application/problem+json")

    @pytest.mark.parametrize(
        "credential",
        [
            "Bearer nonsense",
            "Bearer",
            "Api-Key nonsense",
            "Api-Key nova_1_abc_def",
            "Api-Key nova_999999999999999999999_abcdefgh_x",
            "Api-Key nova_²_abcdefgh_x",
            "Api-Key nova_-1_abcdefgh_x",
            "Api-Key nova__abcdefgh_x",
        ],
    )
    def test_bad_credentials_are_refused(self, api, tenant, credential):
        api.credentials(HTTP_AUTHORIZATION=credential)

        assert api.get(ME).status_code == 401


class TestTokens:
    def test_a_password_gives_tokens_that_open_the_api(self, api, person):
        answer = sign_in(api, person)
        api.credentials(HTTP_AUTHORIZATION=f"Bearer {answer.json()['access']}")

        me = api.get(ME).json()

        assert answer.json()["expires_in"] == 900
        assert (me["email"], me["roles"]) == (person.email, ["Technician"])
        assert "tickets.move_ticket" in me["permissions"]
        assert not {"vip", "vip_level", "is_vip"} & set(me)
        assert EventRecord.objects.get().name == "accounts.SignedIn"

    def test_a_wrong_password_is_refused_and_on_record(self, api, person):
        answer = api.post(TOKEN, {"email": person.email, "password": "guess"})

        assert answer.status_code == 401
        assert answer.headers["Content-Type"].startswith("application/problem+json")
        assert EventRecord.objects.get().name == "accounts.SignInFailed"

    def test_guessing_ends_after_five(self, api, person):
        for _ in range(5):
            api.post(TOKEN, {"email": person.email, "password": "guess"})

        answer = sign_in(api, person)

        assert answer.status_code == 429
        assert answer.headers["Retry-After"] == "900"

    @pytest.mark.parametrize(
        ("body", "field"),
        [({}, "email"), ({"email": "a", "password": "b", "x": 1}, "x"), ({"email": []}, "email")],
    )
    def test_bad_input_is_told_where_it_is(self, api, db, body, field):
        answer = api.post(TOKEN, body)

        assert answer.status_code == 400
        assert field in answer.json()["errors"]

    def test_where_an_app_is_set_up_its_code_is_needed(self, api, person):
        secret = services.begin_second_factor(person)
        step = int(NOW.timestamp()) // 30
        services.confirm_second_factor(person, totp.code_at(secret, step - 1), now=NOW)

        without, wrong = sign_in(api, person), sign_in(api, person, otp="000000")
        right = sign_in(api, person, otp=totp.code_at(secret, step))

        assert [a.status_code for a in (without, wrong, right)] == [401, 401, 200]

    def test_an_access_token_ends_after_fifteen_minutes(self, api_as, person):
        api = api_as(person)

        with time_machine.travel(NOW + timedelta(minutes=16), tick=False):
            assert api.get(ME).status_code == 401

    def test_a_refresh_token_gives_access_tokens_and_opens_nothing_itself(self, api, person):
        refresh = str(tokens.issue(person))

        access = api.post(REFRESH, {"refresh": refresh}).json()["access"]

        for text, status in [(access, 200), (refresh, 401)]:
            api.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
            assert api.get(ME).status_code == status

    def test_a_revoked_refresh_token_gives_nothing(self, api, person):
        refresh = {"refresh": str(tokens.issue(person))}

        assert api.post(REVOKE, refresh).status_code == 204
        assert api.post(REFRESH, refresh).status_code == 401
        assert api.post(REVOKE, refresh).status_code == 401

    def test_a_new_password_ends_all_tokens(self, api_as, person):
        api, refresh = api_as(person), str(tokens.issue(person))

        services.change_password(person, "another good one", way="own", now=NOW)

        assert api.get(ME).status_code == 401
        assert api.post(REFRESH, {"refresh": refresh}).status_code == 401

    def test_deactivation_ends_all_tokens(self, api_as, person, boss):
        api = api_as(person)

        services.deactivate_person(person.pk, actor=boss, now=NOW)

        assert api.get(ME).status_code == 401

    def test_a_token_costs_one_query(self, api_as, person):
        api = api_as(person)

        with CaptureQueriesContext(
            connection,
        ) as queries:
            api.get(PEOPLE)

        assert sum("nova.sign_in" in query["sql"] for query in queries) == 1
        assert not any("accounts_role" in q["sql"] for q in queries if "sign_in" not in q["sql"])


class TestKeys:
    def test_a_key_acts_as_its_person(self, api, person):
        key, text = make_key(person)

        assert with_key(api, text).get(ME).json()["email"] == person.email
        key.refresh_from_db()
        assert key.last_used_at == NOW

    def test_only_a_digest_is_kept(self, person):
        key, text = make_key(person)

        assert text.rpartition("_")[2] not in str(ApiKey.objects.values().get(pk=key.pk))
        assert len(key.digest) == 64

    def test_scopes_narrow_what_it_may_do(self, api, person):
        _key, text = make_key(person, scopes=["tickets.open_ticket", "vip.designate_vip"])

        assert with_key(api, text).get(ME).json()["permissions"] == ["tickets.open_ticket"]
        assert api.get(PEOPLE).status_code == 403

    def test_it_ends_when_it_expires(self, api, person):
        _key, text = make_key(person, expires_at=NOW + timedelta(hours=1))
        with_key(api, text)

        assert api.get(ME).status_code == 200
        with time_machine.travel(NOW + timedelta(hours=1), tick=False):
            assert api.get(ME).status_code == 401

    def test_it_ends_when_it_is_revoked(self, api, person):
        key, text = make_key(person)
        services.revoke_api_key(key.pk, actor=person, now=NOW)

        assert with_key(api, text).get(ME).status_code == 401

    def test_it_ends_with_its_person(self, api, person, boss):
        _key, text = make_key(person)
        services.deactivate_person(person.pk, actor=boss, now=NOW)

        assert with_key(api, text).get(ME).status_code == 401

    @pytest.mark.parametrize("place", [-1, 10])
    def test_one_letter_wrong_is_wrong(self, api, person, place):
        _key, text = make_key(person)
        letters = list(text)
        letters[place] = "a" if letters[place] != "a" else "b"

        assert with_key(api, "".join(letters)).get(ME).status_code == 401

    @pytest.mark.parametrize(("seconds", "is_noted"), [(59, False), (60, True)])
    def test_its_use_is_noted_once_a_minute(self, api, person, seconds, is_noted):
        key, text = make_key(person)
        with_key(api, text).get(ME)
        later = NOW + timedelta(seconds=seconds)

        with time_machine.travel(later, tick=False):
            api.get(ME)

        key.refresh_from_db()
        assert (key.last_used_at == later) is is_noted

    def test_a_person_makes_and_revokes_their_own(self, api_as, api, person):
        mine = api_as(person)

        made = mine.post(KEYS, {"name": "ERP", "scopes": ["*"]})

        assert made.status_code == 201
        assert with_key(api, made.json()["key"]).get(ME).status_code == 200
        assert "key" not in mine.get(KEYS).json()["results"][0]
        assert mine.delete(f"{KEYS}/{made.json()['id']}").status_code == 204
        assert api.get(ME).status_code == 401

    def test_nobody_sees_or_makes_keys_of_others_without_the_permission(
        self, api_as, person, boss
    ):
        key, _text = make_key(boss)
        mine = api_as(person)

        assert mine.get(KEYS).json()["results"] == []
        assert mine.delete(f"{KEYS}/{key.pk}").status_code == 404
        body = {"name": "x", "scopes": ["*"], "person": boss.pk}
        assert mine.post(KEYS, body).status_code == 403

    def test_those_who_manage_keys_do(self, api_as, person, boss):
        made = api_as(boss).post(KEYS, {"name": "x", "scopes": ["*"], "person": person.pk})

        assert made.json()["person"]["id"] == person.pk
        assert len(api_as(boss).get(KEYS).json()["results"]) == 1

    def test_a_key_cannot_make_keys(self, api, person):
        _key, text = make_key(person, scopes=["tickets.open_ticket"])

        answer = with_key(api, text).post(KEYS, {"name": "stronger", "scopes": ["*"]})

        assert answer.status_code == 403

    def test_scopes_that_do_not_exist_are_told(self, api_as, person):
        answer = api_as(person).post(KEYS, {"name": "x", "scopes": ["tickets.fly"]})

        assert answer.status_code == 400
        assert list(answer.json()["errors"]) == ["scopes"]


class TestSessions:
    def test_a_session_reads(self, as_person, person):
        assert as_person(person).get(ME).status_code == 200

    def test_a_session_writes_with_its_csrf_token_only(self, person):
        browser = FencedClient(enforce_csrf_checks=True)
        with fence.inside(person.tenant_id):
            browser.force_login(person)

        answer = browser.post(
            KEYS, {"name": "x", "scopes": ["*"]}, content_type="application/json"
        )

        assert answer.status_code == 403
        assert not ApiKey.objects.exists()


class TestPeople:
    def test_words_of_name_email_or_title_find_people(self, api_as, person):
        department = DepartmentFactory(name="Broadcast")
        found = PersonFactory(name="Grace Hopper", title="Admiral", department=department)

        results = api_as(person).get(PEOPLE, {"search": "hop adm"}).json()["results"]

        assert [result["id"] for result in results] == [found.pk]
        assert results[0]["department"] == "Broadcast"

    def test_nova_itself_is_nobody_to_pick(self, api_as, person):
        names = [row["name"] for row in api_as(person).get(PEOPLE).json()["results"]]

        assert names == ["Ada"]

    @pytest.mark.parametrize(("role", "is_told"), [("technician", False), ("lead", True)])
    def test_who_is_a_vip_is_told_to_those_who_may_know(self, api_as, tenant, role, is_told):
        User.objects.update(vip_level="exec")

        results = api_as(PersonFactory(role=role)).get(PEOPLE).json()["results"]

        assert all(("vip_level" in result) is is_told for result in results)

    def test_requesters_look_nobody_up(self, api_as, tenant):
        assert api_as(PersonFactory(role="requester")).get(PEOPLE).status_code == 403

    @pytest.mark.parametrize("count", [3, 30])
    def test_a_list_costs_the_same_for_few_and_many(
        self, api_as, person, django_assert_num_queries, count
    ):
        for _ in range(count):
            PersonFactory(department=DepartmentFactory())
        api = api_as(person)

        with django_assert_num_queries(4):  # savepoint, person, page, release
            api.get(PEOPLE, {"page_size": 200})
