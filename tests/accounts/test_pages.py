"""The pages by which people look after themselves: passwords, profile, authenticator app."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from nova.accounts import services, tasks, totp
from nova.accounts.models import ApiKey, SecondFactor, User
from nova.accounts.sealing import unseal
from nova.events.models import EventRecord
from nova.tenancy import fence
from tests.factories import PASSWORD, PersonFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 3, 10, tzinfo=UTC)
NEW = "a much better secret"
RESET = reverse("accounts:password_reset")
PROFILE = reverse("accounts:profile")
QUIET = ["sign_in", "password_reset", "password_reset_sent"]
OWN = ["profile", "password_change", "two_factor"]


@pytest.fixture
def person(tenant):
    return PersonFactory(role="technician")


@pytest.fixture
def signed_in(person, as_person):
    return as_person(person)


def reset_link(mailoutbox, email):
    fence.leave()
    tasks.send_reset(email)
    found = [line for mail in mailoutbox for line in mail.body.splitlines() if "http" in line]
    return found[-1].partition("8000")[2] if found else ""


@pytest.mark.parametrize("name", QUIET)
def test_pages_for_strangers_are_open(client, db, name):
    answer = client.get(reverse(f"accounts:{name}"))

    assert answer.status_code == 200
    assert answer.content.count(b"<h1") == 1


@pytest.mark.parametrize("name", OWN)
@pytest.mark.parametrize("role", ["technician", "requester"])
def test_pages_of_ones_own_are_for_everybody(as_person, tenant, name, role):
    assert as_person(PersonFactory(role=role)).get(reverse(f"accounts:{name}")).status_code == 200


@pytest.mark.parametrize("name", OWN)
def test_and_for_nobody_else(client, db, name):
    assert client.get(reverse(f"accounts:{name}")).status_code == 302


class TestReset:
    @pytest.mark.parametrize("known", [True, False])
    def test_the_answer_does_not_tell_who_exists(
        self, client, person, known, django_capture_on_commit_callbacks
    ):
        email = person.email if known else "nobody@example.com"

        with django_capture_on_commit_callbacks() as queued:
            answer = client.post(RESET, {"email": email})

        assert answer.headers["Location"] == "/accounts/password-reset/sent"
        assert len(queued) == 1

    def test_the_link_gives_a_new_password_once(self, client, person, mailoutbox):
        link = reset_link(mailoutbox, person.email)
        page = client.get(link, follow=True)
        form = {"new_password1": NEW, "new_password2": NEW}

        client.post(page.redirect_chain[-1][0], form)

        assert client.get(link, follow=True).context["validlink"] is False
        fence.enter(person.tenant_id)
        person.refresh_from_db()
        assert person.check_password(NEW)
        assert EventRecord.objects.get().payload == {"person_id": person.pk, "way": "reset"}

    def test_it_ends_other_sessions(self, signed_in, client, person, mailoutbox):
        page = client.get(reset_link(mailoutbox, person.email), follow=True)
        client.post(page.redirect_chain[-1][0], {"new_password1": NEW, "new_password2": NEW})

        assert signed_in.get(PROFILE).status_code == 302

    @pytest.mark.parametrize("password", ["short", "1234567890123", "password1234", ""])
    def test_a_weak_password_is_refused(self, client, person, mailoutbox, password):
        page = client.get(reset_link(mailoutbox, person.email), follow=True)
        form = {"new_password1": password, "new_password2": password}

        assert client.post(page.redirect_chain[-1][0], form).context["form"].errors

    def test_the_host_of_the_link_is_ours_whatever_was_asked(self, person, mailoutbox, settings):
        settings.PUBLIC_URL = "https://desk.example"
        reset_link(mailoutbox, person.email)

        assert "https://desk.example/accounts/password-reset/" in mailoutbox[0].body

    @pytest.mark.parametrize(
        "changes", [{"is_active": False}, {"password": "!"}, {"email": "elsewhere@example.com"}]
    )
    def test_no_mail_goes_to_those_who_cannot_sign_in(self, person, mailoutbox, changes):
        email = person.email
        User.objects.filter(pk=person.pk).update(**changes)

        reset_link(mailoutbox, email)

        assert mailoutbox == []

    def test_after_three_mails_no_more_are_sent(
        self, client, person, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks() as queued:
            answers = [client.post(RESET, {"email": person.email}) for _ in range(5)]

        assert len(queued) == 3
        assert {answer.status_code for answer in answers} == {302}

    @pytest.mark.parametrize("uid", ["x", "MQ", "OTk5OTk5", "%00"])
    def test_a_made_up_link_is_used_up(self, client, db, uid):
        answer = client.get(f"/accounts/password-reset/{uid}/abc-def")

        assert answer.context["validlink"] is False


class TestPassword:
    def form(self, old):
        return {"old_password": old, "new_password1": NEW, "new_password2": NEW}

    def test_it_is_changed_and_this_session_goes_on(self, signed_in, person, as_person):
        elsewhere = as_person(person)

        signed_in.post(reverse("accounts:password_change"), self.form(PASSWORD))

        assert signed_in.get(PROFILE).status_code == 200
        assert elsewhere.get(PROFILE).status_code == 302
        assert EventRecord.objects.get().payload["way"] == "own"

    def test_a_wrong_old_one_changes_nothing(self, signed_in, person):
        answer = signed_in.post(reverse("accounts:password_change"), self.form("guess"))

        person.refresh_from_db()
        assert answer.status_code == 422
        assert person.check_password(PASSWORD)


class TestProfile:
    def test_what_is_changed_is_told(self, signed_in, person):
        signed_in.post(PROFILE, {"name": "Ada", "phone": "+1 555", "zone": "Europe/Madrid"})

        person.refresh_from_db()
        assert (person.name, person.zone) == ("Ada", "Europe/Madrid")
        assert EventRecord.objects.get().payload["changes"]["zone"] == ["UTC", "Europe/Madrid"]

    def test_nobody_changes_more_than_that(self, signed_in, person):
        form = {"name": "Ada", "zone": "UTC", "email": "x@example.com", "title": "CEO"}

        signed_in.post(PROFILE, {**form, "vip_level": "exec", "is_active": ""})

        before = (person.email, person.title, person.vip_level, person.is_active)
        person.refresh_from_db()
        assert (person.email, person.title, person.vip_level, person.is_active) == before

    def test_a_zone_that_does_not_exist_is_refused(self, signed_in):
        answer = signed_in.post(PROFILE, {"name": "Ada", "zone": "Mars/Olympus"})

        assert answer.status_code == 422

    def test_pages_say_times_in_ones_own_zone_and_the_api_in_utc(self, signed_in, person):
        User.objects.filter(pk=person.pk).update(zone="Asia/Tokyo")
        with time_machine.travel(NOW, tick=False):
            end = NOW + timedelta(days=1)
            services.create_api_key(
                person, "Script", scopes=["*"], expires_at=end, actor=person, now=NOW
            )
            page = signed_in.get(reverse("accounts:keys")).content.decode()
            said = signed_in.get("/api/support/api-keys").content.decode()

        assert "Wednesday 4 March 2026, 19:00:00 JST" in page
        assert "2026-03-04T10:00:00Z" in said

    def test_a_zone_that_nobody_knows_breaks_no_page(self, signed_in, person):
        User.objects.filter(pk=person.pk).update(zone="Mars/Olympus")

        assert signed_in.get(PROFILE).status_code == 200

    def test_the_zone_that_one_has_is_the_one_chosen(self, signed_in, person):
        User.objects.filter(pk=person.pk).update(zone="Europe/Madrid")

        page = signed_in.get(PROFILE).content.decode()

        assert re.findall(r'<option value="([^"]+)" selected>', page) == ["Europe/Madrid"]


class TestAuthenticatorApp:
    @pytest.fixture(autouse=True)
    def _frozen(self):
        with time_machine.travel(NOW, tick=False):
            yield

    @pytest.fixture
    def secret(self, signed_in):
        signed_in.post(reverse("accounts:two_factor_begin"))
        return unseal(SecondFactor.objects.get().secret)

    @pytest.fixture
    def recovery_codes(self, signed_in, secret):
        code = totp.code_at(secret, int(NOW.timestamp()) // 30)
        return signed_in.post(reverse("accounts:two_factor_set_up"), {"code": code}).context[
            "codes"
        ]

    def test_the_picture_and_the_key_are_shown_while_it_is_set_up(self, signed_in, secret):
        page = signed_in.get(reverse("accounts:two_factor_set_up")).content.decode()

        assert secret in page
        assert "<svg" in page
        assert "style=" not in page.partition("<svg")[2].partition("</svg>")[0]

    def test_the_first_code_sets_it_up_and_gives_recovery_codes(self, recovery_codes, person):
        assert len(set(recovery_codes)) == 10
        assert SecondFactor.objects.get(person=person).confirmed_at == NOW

    def test_a_wrong_code_sets_nothing_up(self, signed_in, secret):
        answer = signed_in.post(reverse("accounts:two_factor_set_up"), {"code": "000000"})

        assert answer.status_code == 422
        assert SecondFactor.objects.get().confirmed_at is None

    @pytest.mark.parametrize("name", ["two_factor_set_up", "two_factor_begin"])
    def test_a_secret_that_counts_is_never_shown_or_replaced(
        self, signed_in, secret, recovery_codes, name
    ):
        answers = [signed_in.get(reverse("accounts:two_factor_set_up"))]
        answers.append(signed_in.post(reverse(f"accounts:{name}")))

        assert all(secret.encode() not in answer.content for answer in answers)
        assert unseal(SecondFactor.objects.get().secret) == secret

    @pytest.mark.parametrize(("password", "left"), [("guess", 1), (PASSWORD, 0)])
    def test_removing_it_takes_the_password(self, signed_in, recovery_codes, password, left):
        signed_in.post(reverse("accounts:two_factor_remove"), {"password": password})

        assert SecondFactor.objects.count() == left

    def test_new_recovery_codes_replace_the_old_ones(self, signed_in, recovery_codes, person):
        page = reverse("accounts:two_factor_codes")

        fresh = signed_in.post(page, {"password": PASSWORD}).context["codes"]

        assert not set(fresh) & set(recovery_codes)
        with pytest.raises(services.SignInRefused):
            services.check_code(person, recovery_codes[0], now=NOW)


KEYS = reverse("accounts:keys")
NEW_KEY = {"name": "Monitor", "days": "30", "scopes": ["tickets.view_ticket"]}


@time_machine.travel(NOW, tick=False)
def test_somebody_makes_a_key_of_their_own_and_sees_its_text_once(as_person, api, person):
    browser = as_person(person)
    made = browser.post(KEYS, NEW_KEY).content.decode()
    (key,) = ApiKey.objects.all()
    text = re.search(r"nova_\d+_\w+", made)[0]

    assert (key.person, key.scopes) == (person, ["tickets.view_ticket"])
    assert key.expires_at == NOW + timedelta(days=30)
    assert text not in browser.get(KEYS).content.decode()
    api.credentials(HTTP_AUTHORIZATION=f"Api-Key {text}")
    assert api.get("/api/support/tickets").status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"scopes": []}, {"scopes": ["vip.manage_vip"]}, {"days": "7"}],
    ids=["no name", "nothing allowed", "more than they may", "another span"],
)
def test_a_key_that_may_not_be_is_not_made(as_person, person, wrong):
    assert as_person(person).post(KEYS, {**NEW_KEY, **wrong}).status_code == 422
    assert not ApiKey.objects.exists()


def test_somebody_revokes_a_key_of_their_own_and_no_other(as_person, person):
    browser, other = as_person(person), as_person(PersonFactory(role="admin"))
    browser.post(KEYS, NEW_KEY)
    url = reverse("accounts:revoke_key", args=[ApiKey.objects.get().pk])

    assert other.post(url).status_code == 404
    assert ApiKey.objects.get().revoked_at is None
    browser.post(url)
    assert ApiKey.objects.get().revoked_at is not None
    assert "Revoked" in browser.get(KEYS).content.decode()


def test_who_may_not_make_keys_is_not_shown_the_way(as_person, tenant):
    browser = as_person(PersonFactory(role="requester"))

    assert KEYS not in browser.get(PROFILE).content.decode()
    assert browser.get(KEYS).status_code == 403
    assert browser.post(KEYS, NEW_KEY).status_code == 403
