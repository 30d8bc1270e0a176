import pytest

from tests.factories import PersonFactory


@pytest.fixture(autouse=True)
def _endpoints(settings):
    settings.ROOT_URLCONF = "tests.api.endpoints"


@pytest.fixture
def admin(tenant):
    return PersonFactory(role="admin")


@pytest.fixture
def person(tenant):
    return PersonFactory(role="technician", name="Ada")


@pytest.fixture
def program(admin, api_as):
    """Return a program that acts for an admin."""
    return api_as(admin)
