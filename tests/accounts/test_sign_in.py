"""The pages by which people come in."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse

from nova.accounts import totp
from nova.accounts.models import SecondFactor
from nova.accounts.services import begin_second_factor, confirm_second_factor
from nova.accounts.throttling import Visitor
from nova.events.models import EventRecord
from tests.factories import PASSWORD, PersonFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 3, 10, tzinfo=UTC)
PROFILE = reverse("accounts:profile")
SIGN_IN = reverse("accounts:sign_in")


@pytest.fixture
def person(tenant):
    return PersonFactory(role="technician")


def sign_in(client, email, password=PASSWORD, **extra):
    return client.post(
        f"{SIGN_IN}?next={PROFILE}", {"email": email, "password": password}, **extra
    )


def names_of_events():
    return list(EventRecord.objects.order_by("pk").values_list("name", flat=True))


def test_a_stranger_is_led_to_sign_in(client, db):
    assert client.get(PROFILE).headers["Location"] == f"{SIGN_IN}?next={PROFILE}"


def test_the_right_password_leads_where_one_wanted_to_go(client, person):
    response = sign_in(client, person.email.upper())

    assert response.headers["Location"] == PROFILE
    assert client.get(PROFILE).status_code == 200
    assert names_of_events() == ["accounts.SignedIn"]


@pytest.mark.parametrize("onward", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_nobody_is_led_to_another_site(client, person, onward):
    form = {"email": person.email, "password": PASSWORD, "next": onward}

    assert client.post(SIGN_IN, form).headers["Location"] == "/"


def test_a_wrong_password_is_on_record_and_the_answer_names_no_culprit(client, person):
    wrong = sign_in(client, person.email, "guess")
    unknown = sign_in(client, "nobody@example.com", "guess")

    assert wrong.status_code == unknown.status_code == 422
    assert wrong.context["form"].non_field_errors() == unknown.context["form"].non_field_errors()
    assert names_of_events() == ["accounts.SignInFailed"]
    assert EventRecord.objects.get().payload["address"] == "127.0.0.1"


def test_signing_out_ends_the_session(person, as_person):
    browser = as_person(person)

    browser.post(reverse("accounts:sign_out"))

    assert browser.get(PROFILE).status_code == 302


def test_a_person_who_is_deactivated_is_out_at_once(person, as_person):
    browser = as_person(person)
    type(person).objects.filter(pk=person.pk).update(is_active=False)

    assert browser.get(PROFILE).status_code == 302


def test_a_request_of_somebody_signed_in_costs_one_query_for_that(
    person, as_person, django_assert_num_queries
):
    browser = as_person(person)
    browser.get(SIGN_IN)

    with django_assert_num_queries(3):  # savepoint, person with permissions, release
        assert browser.get(f"{SIGN_IN}?next={PROFILE}").status_code == 302


class TestThrottling:
    def test_after_five_failures_even_the_right_password_waits(self, client, person):
        for _ in range(5):
            sign_in(client, person.email, "guess")

        assert b"Too many tries" in sign_in(client, person.email).content

    def test_success_counts_for_nothing(self, client, person):
        for _ in range(12):
            assert sign_in(client, person.email).status_code == 302

    def test_a_stranger_elsewhere_locks_nobody_out(self, client, person):
        for _ in range(6):
            sign_in(client, person.email, "guess", REMOTE_ADDR="203.0.113.9")

        assert sign_in(client, person.email).status_code == 302

    def test_an_unknown_email_is_throttled_alike(self, client, db):
        answers = [sign_in(client, "nobody@example.com", "guess").content for _ in range(6)]

        assert [b"Too many tries" in answer for answer in answers] == [False] * 5 + [True]

    def test_one_address_tries_a_hundred_people_and_no_more(self, client, person):
        visitor = Visitor("203.0.113.9")
        for number in range(100):
            [limit.admit() for limit in visitor.limits_for(f"person{number}@example.com")]

        answer = sign_in(client, person.email, REMOTE_ADDR="203.0.113.9")

        assert b"Too many tries" in answer.content

    def test_a_browser_known_from_before_gets_in_whatever_strangers_do(self, client, person):
        sign_in(client, person.email)
        client.post(reverse("accounts:sign_out"))
        for number in range(60):
            [limit.admit() for limit in Visitor(f"203.0.113.{number}").limits_for(person.email)]
        for _ in range(6):
            [limit.admit() for limit in Visitor("127.0.0.1").limits_for(person.email)]

        assert sign_in(client, person.email).status_code == 302

    def test_the_mark_of_a_browser_is_good_for_one_person_only(self, client, person):
        other = PersonFactory()
        sign_in(client, other.email)
        for _ in range(5):
            sign_in(client, person.email, "guess")

        assert b"Too many tries" in sign_in(client, person.email).content

    def test_the_address_is_what_the_trusted_proxy_says(self, client, person, settings):
        settings.PROXIES = 1

        sign_in(
            client, person.email, "guess", headers={"X-Forwarded-For": "198.51.100.1, 192.0.2.7"}
        )

        assert EventRecord.objects.get().payload["address"] == "192.0.2.7"


class TestWithAnAuthenticatorApp:
    @pytest.fixture(autouse=True)
    def _frozen(self):
        with time_machine.travel(NOW, tick=False):
            yield

    @pytest.fixture
    def secret(self, person):
        return begin_second_factor(person)

    @pytest.fixture
    def recovery_codes(self, person, secret):
        earlier = NOW.timestamp() // 30 - 1
        return confirm_second_factor(person, totp.code_at(secret, int(earlier)), now=NOW)

    @pytest.fixture
    def code(self, secret):
        return totp.code_at(secret, int(NOW.timestamp()) // 30)

    @pytest.fixture
    def halfway(self, client, person, recovery_codes):
        assert sign_in(client, person.email).headers["Location"] == "/accounts/sign-in/code"
        return client

    def test_the_password_alone_opens_nothing(self, halfway):
        assert halfway.get(PROFILE).status_code == 302

    def test_with_the_code_one_is_in(self, halfway, code):
        answer = halfway.post("/accounts/sign-in/code", {"code": f"{code[:3]} {code[3:]}"})

        assert answer.headers["Location"] == PROFILE
        assert halfway.get(PROFILE).status_code == 200

    def test_a_code_counts_once(self, halfway, person, code, client):
        halfway.post("/accounts/sign-in/code", {"code": code})
        halfway.post(reverse("accounts:sign_out"))
        sign_in(halfway, person.email)

        assert halfway.post("/accounts/sign-in/code", {"code": code}).status_code == 422

    def test_a_recovery_code_counts_once_too(self, halfway, person, recovery_codes):
        taken = halfway.post("/accounts/sign-in/code", {"code": recovery_codes[0].upper()})
        halfway.post(reverse("accounts:sign_out"))
        sign_in(halfway, person.email)
        again = halfway.post("/accounts/sign-in/code", {"code": recovery_codes[0]})

        assert (taken.status_code, again.status_code) == (302, 422)
        assert "accounts.RecoveryCodeUsed" in names_of_events()

    def test_guessing_codes_ends_after_five(self, halfway, code):
        for _ in range(5):
            halfway.post("/accounts/sign-in/code", {"code": "000000"})

        answer = halfway.post("/accounts/sign-in/code", {"code": code})

        assert b"Too many tries" in answer.content

    def test_the_password_is_forgotten_after_ten_minutes(self, halfway, code):
        with time_machine.travel(datetime(2026, 3, 3, 10, 11, tzinfo=UTC), tick=False):
            answer = halfway.post("/accounts/sign-in/code", {"code": code})

        assert answer.headers["Location"] == SIGN_IN

    def test_the_secret_is_not_readable_in_the_database(self, secret, recovery_codes):
        factor = SecondFactor.objects.get()

        assert secret not in factor.secret
        assert not set(factor.recovery_codes) & set(recovery_codes)
