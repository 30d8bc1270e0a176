"""Who looks at the page of a ticket, and the ticket."""

from datetime import timedelta

import pytest
import time_machine

from tests.factories import NOW, PersonFactory
from tests.tickets.making import opened_for


@pytest.fixture(autouse=True)
def _at_ten():
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        yield


@pytest.fixture
def technician(tenant):
    return PersonFactory(role="technician", name="Ada Osei")


@pytest.fixture
def colleague(tenant):
    return PersonFactory(role="technician", name="Mia Ruiz")


@pytest.fixture
def lead(tenant):
    return PersonFactory(role="lead", name="Lee Park")


@pytest.fixture
def requester(tenant):
    return PersonFactory(name="Rob Ray")


@pytest.fixture
def ticket(requester):
    return opened_for(requester, title="Video wall dark", description="It went **black**.")


@pytest.fixture
def desk(as_person, technician):
    return as_person(technician)
