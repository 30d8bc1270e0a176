"""What tests of VIPs share."""

import pytest

from tests.events.conftest import at_once
from tests.factories import PersonFactory

__all__ = ["at_once"]


@pytest.fixture
def boss(tenant):
    return PersonFactory(role="admin", name="Boss")


@pytest.fixture
def worker(tenant):
    return PersonFactory(role="technician", name="Łucja Żak")
