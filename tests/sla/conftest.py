"""Who works and who asks in the tests of this folder, and how long its searches run: a hundred
examples, or with `--hypothesis-profile=thorough` some thousands."""

import pytest
from hypothesis import settings

from tests.events.conftest import at_once
from tests.factories import PersonFactory

__all__ = ["at_once"]

settings.register_profile("thorough", settings.get_profile("nova"), max_examples=3_000)


@pytest.fixture
def technician(tenant):
    return PersonFactory(role="technician")


@pytest.fixture
def requester(tenant):
    return PersonFactory(role="requester")
