"""Signing in by e-mail, and being found again at each request."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth import authenticate

from nova.accounts.backends import EmailBackend
from nova.accounts.models import User
from nova.tenancy import fence
from nova.tenancy.models import Tenant
from tests.factories import PASSWORD, PersonFactory, RoleFactory, TenantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(tenant):
    return PersonFactory(email="ada@example.com", role="technician")


@pytest.fixture
def outside(person):
    fence.leave()


@pytest.mark.usefixtures("outside")
class TestOutsideOfAllFences:
    def test_the_right_password_finds_the_person_and_enters_their_fence(self, person):
        found = authenticate(None, email=" Ada@Example.COM", password=PASSWORD)

        assert found == person
        assert fence.current() == str(person.tenant_id)

    @pytest.mark.parametrize(
        ("email", "password"),
        [
            ("ada@example.com", "wrong"),
            ("nobody@example.com", PASSWORD),
            ("", ""),
            ("ada@example.com\0", PASSWORD),
            (None, None),
        ],
    )
    def test_anything_else_finds_nobody(self, email, password):
        assert authenticate(None, email=email, password=password) is None

    def test_an_unknown_email_costs_a_hash_too(self, monkeypatch):
        hashed = []
        monkeypatch.setattr(User, "set_password", lambda self, raw: hashed.append(raw))

        authenticate(None, email="nobody@example.com", password="guess")

        assert hashed == ["guess"]

    def test_get_user_is_one_query_that_knows_the_permissions(
        self, person, django_assert_num_queries
    ):
        with django_assert_num_queries(1):
            found = EmailBackend().get_user(person.pk)
            assert found.has_perm("tickets.move_ticket")
            assert not found.has_perm("accounts.manage_people")
            assert found.name == person.name
        assert fence.current() == str(person.tenant_id)

    def test_the_slit_shows_one_person_and_nobody_else(self, person):
        fence.announce(str(person.pk))

        assert list(User.objects.all()) == [person]

    def test_nobody_is_found_by_the_id_of_another_kind(self):
        assert EmailBackend().get_user(0) is None
        assert fence.current() == ""


def test_the_permissions_of_all_roles_add_up(person):
    role = RoleFactory(permissions=["vip.designate_vip", "tickets.open_ticket"])
    person.grants.create(role=role, tenant_id=person.tenant_id)

    found = EmailBackend().get_user(person.pk)

    assert found.has_perms(["vip.designate_vip", "tickets.move_ticket"])


def test_without_roles_one_is_still_found(tenant):
    person = PersonFactory(role="")

    assert EmailBackend().get_user(person.pk).permissions == frozenset()


def test_the_inactive_are_not_found(person):
    User.objects.update(is_active=False)

    assert EmailBackend().get_user(person.pk) is None
    assert authenticate(None, email=person.email, password=PASSWORD) is None


def test_nobody_enters_a_tenant_that_is_not_active(person):
    Tenant.objects.update(is_active=False)

    assert EmailBackend().get_user(person.pk) is None


@pytest.mark.parametrize(
    ("demo", "debug", "is_found"),
    [(False, False, False), (True, False, True), (False, True, True)],
)
def test_a_demo_is_entered_only_where_one_was_asked_for(settings, demo, debug, is_found):
    settings.DEMO, settings.DEBUG = demo, debug
    showcase = TenantFactory(is_demo=True)
    with fence.inside(showcase.pk):
        person = PersonFactory(last_login=datetime(2026, 1, 1, tzinfo=UTC))
    fence.leave()

    assert (EmailBackend().get_user(person.pk) is not None) is is_found
