"""What a page says of how far it knows, and what a requester can read from it."""

import re

import pytest

from nova.events.models import EventRecord
from nova.web import since
from tests.factories import PersonFactory
from tests.tickets.making import opened_for

MARK = re.compile(r'data-live-since="([^"]*)"')


def mark_of(client, path):
    return MARK.search(client.get(path).content.decode())[1]


@pytest.fixture
def numbered(tenant):
    """Return the number of a tenant's last event, after a few."""
    opened_for(PersonFactory(role="requester"))
    for sequence, record in enumerate(EventRecord.objects.order_by("pk"), start=41):
        EventRecord.objects.filter(pk=record.pk).update(sequence=sequence)
        last = sequence
    return last


def test_a_page_of_the_desk_carries_the_sequence(as_person, numbered):
    assert mark_of(as_person(PersonFactory(role="technician")), "/pulse/") == str(numbered)


def test_a_page_of_a_requester_carries_it_sealed_for_them_alone(as_person, numbered):
    requester, other = PersonFactory(role="requester"), PersonFactory(role="requester")
    client = as_person(requester)
    first, second = mark_of(client, "/portal/"), mark_of(client, "/portal/")

    assert str(numbered) not in (first, second)
    assert first != second  # so nobody sees whether it moved
    assert len(first) == len(second) < since.LONGEST
    assert since.opened(first, requester) == numbered
    assert since.opened(first, other) is None


def test_a_number_opens_nothing_for_a_requester(tenant):
    assert since.opened(3, PersonFactory(role="requester")) is None


def test_a_page_for_nobody_carries_no_mark(client, db):
    assert MARK.search(client.get("/accounts/sign-in").content.decode()) is None
