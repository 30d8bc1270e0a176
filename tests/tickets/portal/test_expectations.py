"""What such things usually take, in words."""

from datetime import timedelta

import pytest
import time_machine

from tests.factories import NOW
from tests.tickets.making import opened_for
from tests.tickets.portal.telling import address
from tickets.choices import Status
from tickets.expectations import span_words
from tickets.models import Category, Ticket


@pytest.mark.parametrize(
    ("least", "most", "words"),
    [
        (0, 20, "within 1 minute"),
        (600, 2400, "in 10 to 40 minutes"),
        (3600, 7000, "in 1 to 2 hours"),
        (600, 7000, "within 2 hours"),
        (90_000, 400_000, "in 1 to 5 days"),
    ],
)
def test_a_span_in_words(least, most, words):
    assert span_words(least, most) == words


def solved_after(requester, technician, hours):
    ticket = opened_for(requester, at=NOW - timedelta(days=9))
    resolved_at = NOW - timedelta(days=9) + timedelta(hours=hours)
    Ticket.objects.filter(pk=ticket.pk).update(
        status=Status.CLOSED, resolved_at=resolved_at, closed_at=resolved_at
    )


def test_what_such_things_usually_take_is_told_from_ten_on(portal, requester, technician):
    ticket = opened_for(requester)
    for hours in range(1, 10):
        solved_after(requester, technician, hours)
    assert "usually" not in portal.get(address("ticket", ticket)).content.decode()


def test_what_such_things_usually_take_is_a_range(portal, requester, technician):
    ticket = opened_for(requester)
    for hours in range(1, 11):
        solved_after(requester, technician, hours)
    page = portal.get(address("ticket", ticket)).content.decode()
    assert "Such things are usually solved in 3 to 8 hours." in page
    with time_machine.travel(NOW + timedelta(hours=9), tick=False):
        page = portal.get(address("ticket", ticket)).content.decode()
    assert "taking longer than usual" in page


def test_another_category_says_nothing_of_this_one(portal, requester, technician):
    about = Category.objects.get(name="Network", parent=None)
    ticket = opened_for(requester, category_id=about.pk)
    for hours in range(1, 20):
        solved_after(requester, technician, hours)
    assert "usually" not in portal.get(address("ticket", ticket)).content.decode()
