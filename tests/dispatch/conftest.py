"""What the tests of assignment share."""

import pytest

from nova.accounts.models import User
from tests.dispatch.making import EngineerFactory
from tests.factories import PersonFactory


@pytest.fixture
def lead(tenant) -> User:
    return PersonFactory(role="lead", name="Ada Osei")


@pytest.fixture
def tess(tenant) -> User:
    """Return a technician who is an engineer."""
    return EngineerFactory(person__name="Tess Lind", person__zone="Europe/Berlin").person
