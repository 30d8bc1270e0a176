from concurrent.futures import ThreadPoolExecutor

import pytest

from nova.events.bus import publish
from nova.tenancy import fence
from tests.events.facts import Happened
from tests.factories import NOW, PersonFactory, TenantFactory
from tests.locks import closing


@pytest.fixture
def actor(transactional_db, settings):
    """Return somebody who acts, in a database that several connections share."""
    settings.EVENT_HANDLERS, settings.EVENT_CONSUMERS = {}, {}
    made = TenantFactory()
    with fence.inside(made.pk):
        return PersonFactory(role="lead")


@pytest.fixture
def happen(actor):
    """Return a way to publish so many events, each in its own transaction."""

    def happens(*numbers: int):
        for number in numbers:
            with fence.inside(actor.tenant_id):
                publish(Happened(tenant_id=actor.tenant_id, number=number), actor=actor, now=NOW)

    return happens


@pytest.fixture
def at_once(transactional_db):
    """Return a way to run a function in several threads, each with its own connection."""

    def run(function, arguments):
        with ThreadPoolExecutor(len(arguments)) as pool:
            return list(pool.map(lambda given: closing(function, given), arguments))

    return run
