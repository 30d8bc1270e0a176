"""Who asks, by a token that a password gave."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nova.accounts import services, tokens, totp
from nova.events.models import EventRecord
from tests.factories import NOW, PASSWORD

pytestmark = pytest.mark.django_db
TOKEN, REFRESH, REVOKE = "/api/auth/token", "/api/auth/token/refresh", "/api/auth/token/revoke"
ME, PEOPLE, KEYS = "/api/support/me", "/api/support/people", "/api/support/api-keys"


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(NOW, tick=False):
        yield


def sign_in(api, person, **more):
    return api.post(TOKEN, {"email": person.email, "password": PASSWORD, **more})


@pytest.mark.parametrize("address", [ME, PEOPLE, KEYS])
def test_without_credentials_the_answer_is_401_with_a_challenge(api, db, address):
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
def test_bad_credentials_are_refused(api, tenant, credential):
    api.credentials(HTTP_AUTHORIZATION=credential)

    assert api.get(ME).status_code == 401


def test_a_password_gives_tokens_that_open_the_api(api, person):
    answer = sign_in(api, person)
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {answer.json()['access']}")

    me = api.get(ME).json()

    assert answer.json()["expires_in"] == 900
    assert (me["email"], me["roles"]) == (person.email, ["Technician"])
    assert "tickets.move_ticket" in me["permissions"]
    assert not {"vip", "vip_level", "is_vip"} & set(me)
    assert EventRecord.objects.get().name == "accounts.SignedIn"


def test_a_wrong_password_is_refused_and_on_record(api, person):
    answer = api.post(TOKEN, {"email": person.email, "password": "guess"})

    assert answer.status_code == 401
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert EventRecord.objects.get().name == "accounts.SignInFailed"


def test_guessing_ends_after_five(api, person):
    for _ in range(5):
        api.post(TOKEN, {"email": person.email, "password": "guess"})

    answer = sign_in(api, person)

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "900"


@pytest.mark.parametrize(
    ("body", "field"),
    [({}, "email"), ({"email": "a", "password": "b", "x": 1}, "x"), ({"email": []}, "email")],
)
def test_bad_input_is_told_where_it_is(api, db, body, field):
    answer = api.post(TOKEN, body)

    assert answer.status_code == 400
    assert field in answer.json()["errors"]


def test_where_an_app_is_set_up_its_code_is_needed(api, person):
    secret = services.begin_second_factor(person)
    step = int(NOW.timestamp()) // 30
    services.confirm_second_factor(person, totp.code_at(secret, step - 1), now=NOW)

    without, wrong = sign_in(api, person), sign_in(api, person, otp="000000")
    right = sign_in(api, person, otp=totp.code_at(secret, step))

    assert [a.status_code for a in (without, wrong, right)] == [401, 401, 200]


def test_an_access_token_ends_after_fifteen_minutes(api_as, person):
    api = api_as(person)

    with time_machine.travel(NOW + timedelta(minutes=16), tick=False):
        assert api.get(ME).status_code == 401


def test_a_refresh_token_gives_access_tokens_and_opens_nothing_itself(api, person):
    refresh = str(tokens.issue(person))

    access = api.post(REFRESH, {"refresh": refresh}).json()["access"]

    for text, status in [(access, 200), (refresh, 401)]:
        api.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
        assert api.get(ME).status_code == status


def test_a_revoked_refresh_token_gives_nothing(api, person):
    refresh = {"refresh": str(tokens.issue(person))}

    assert api.post(REVOKE, refresh).status_code == 204
    assert api.post(REFRESH, refresh).status_code == 401
    assert api.post(REVOKE, refresh).status_code == 401


def test_a_new_password_ends_all_tokens(api_as, person):
    api, refresh = api_as(person), str(tokens.issue(person))

    services.change_password(person, "another good one", way="own", now=NOW)

    assert api.get(ME).status_code == 401
    assert api.post(REFRESH, {"refresh": refresh}).status_code == 401


def test_deactivation_ends_all_tokens(api_as, person, admin):
    api = api_as(person)

    services.deactivate_person(person.pk, actor=admin, now=NOW)

    assert api.get(ME).status_code == 401


def test_a_token_costs_one_query(api_as, person):
    api = api_as(person)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        api.get(PEOPLE)

    assert sum("nova.sign_in" in query["sql"] for query in queries) == 1
    assert not any("accounts_role" in q["sql"] for q in queries if "sign_in" not in q["sql"])
