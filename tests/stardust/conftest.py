"""Who works and who asks, and that Stardust alone listens."""

import pytest

from tests.events.conftest import at_once
from tests.factories import PersonFactory
from tests.sla.living import promise

__all__ = ["at_once"]
CONSUMERS = {"stardust.consumers.follow_moves": ["tickets.TicketMoved"]}


@pytest.fixture(autouse=True)
def _alone(settings):
    settings.EVENT_CONSUMERS = CONSUMERS


@pytest.fixture
def requester(tenant):
    return PersonFactory(name="Ken Sato")


@pytest.fixture
def tess(tenant):
    """Return a technician, in a tenant that promises all within a hundred minutes."""
    promise(100)
    return PersonFactory(role="technician", name="Tess")


@pytest.fixture
def lead(tenant):
    return PersonFactory(role="lead", name="Lea")
