"""What all tests share: a fenced tenant, people, and clients that act as them."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from django.test import Client
from hypothesis import HealthCheck
from hypothesis import settings as searches
from rest_framework.test import APIClient

from nova import volatile
from nova.accounts.models import User
from nova.accounts.tokens import issue
from nova.settings import redis_database
from nova.tenancy import fence
from nova.tenancy.models import Tenant
from tests.factories import PersonFactory, TenantFactory

# What `collectstatic` makes in life. The first import of an entry point already looks there.
Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
# How long a search takes says how busy the machine is, and nothing of Nova.
searches.register_profile("nova", deadline=None, suppress_health_check=[HealthCheck.too_slow])
searches.load_profile("nova")
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


@pytest.fixture(autouse=True)
def _quick_and_alone(settings):
    """Hash passwords cheaply, serve files as they lie, and count in a Redis of one's own."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.VOLATILE_URL = redis_database(8 + WORKER)
    volatile.attempt(lambda redis: redis.flushdb(), None)


@pytest.fixture
def tenant(db) -> Iterator[Tenant]:
    """Return an organisation, inside whose fence the test runs."""
    made = TenantFactory()
    with transaction.atomic():
        fence.enter(made.pk)
        yield made


@pytest.fixture
def other_tenant(tenant) -> Tenant:
    """Return another organisation; the test is not inside its fence."""
    return TenantFactory(name="Globex")


@pytest.fixture
def outsider(other_tenant) -> User:
    """Return an admin of the other organisation, whom this one must never see."""
    with fence.inside(other_tenant.pk):
        return PersonFactory(role="admin", name="Outsider")


class FencedClient(Client):
    """A browser whose requests begin outside of every fence, as they do in life.

    The test's own fence is put aside for the request. Both happen behind the ORM's back, so
    that counts of queries are those of the request.
    """

    def request(self, **request):
        with FencePutAside():
            return super().request(**request)


class FencedApiClient(APIClient):
    """A program whose requests begin outside of every fence."""

    def request(self, **request):
        with FencePutAside():
            return super().request(**request)


class FencePutAside:
    """Runs the block outside of every fence, and the rest of the test where it was."""

    def __enter__(self):
        self.before = _settings("", "") if connection.in_atomic_block else None

    def __exit__(self, *error):
        if self.before is not None and not connection.needs_rollback:
            _settings(*self.before)


def _settings(tenant: str, sign_in: str) -> tuple[str, str]:
    connection.ensure_connection()
    names = fence.TENANT, fence.SIGN_IN
    read = (
        "SELECT coalesce(current_setting(%s, true), ''), coalesce(current_setting(%s, true), '')"
    )
    before = connection.connection.execute(read, names).fetchone()
    for name, value in zip(names, (tenant, sign_in), strict=True):
        connection.connection.execute("SELECT set_config(%s, %s, true)", [name, value])
    return before


@pytest.fixture
def client() -> Client:
    """Return a browser in which nobody is signed in."""
    return FencedClient()


@pytest.fixture
def as_person(db) -> Callable[[User], Client]:
    """Return a way to get a browser in which somebody is signed in."""

    def signed_in(person: User) -> Client:
        browser = FencedClient()
        with fence.inside(person.tenant_id):
            browser.force_login(person)
        return browser

    return signed_in


@pytest.fixture
def api() -> APIClient:
    """Return a program that has not said who it is."""
    return FencedApiClient()


@pytest.fixture
def api_as(db) -> Callable[[User], APIClient]:
    """Return a way to get a program that acts for somebody, as with a token of theirs."""

    def acting_for(person: User) -> APIClient:
        program = FencedApiClient()
        program.credentials(HTTP_AUTHORIZATION=f"Bearer {issue(person).access_token}")
        return program

    return acting_for
