"""One's own work: in the order of the queue, and what to take up next."""

from datetime import timedelta

import pytest
from django.urls import reverse

from dispatch.mine import best_of, own_rows
from tests.dispatch.making import ShiftFactory
from tests.factories import NOW, PersonFactory
from tests.tickets.making import opened_for
from tickets.choices import Status
from tickets.models import Ticket

MINE = reverse("dispatch:mine")


@pytest.fixture(autouse=True)
def _now(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def requester(tenant):
    return PersonFactory(role="requester")


def opened(requester, title, minutes=0, **columns):
    ticket = opened_for(requester, title=title, at=NOW - timedelta(minutes=60 - minutes))
    Ticket.objects.filter(pk=ticket.pk).update(**columns)
    return ticket


def best_for(person):
    return best_of(person, own_rows(person, NOW), NOW)


def waits(**columns):
    return {"status": Status.AWAITING_CUSTOMER, "awaiting_reason": "So", **columns}


def test_the_first_that_awaits_nobody_is_next(tess, requester):
    opened(requester, "Waits", 0, **waits(assignee=tess, vip_priority_score=9))
    opened(requester, "First", 1, assignee=tess)
    opened(requester, "Second", 2, assignee=tess)
    best = best_for(tess)
    assert (best.row.title, best.is_free) == ("First", False)
    assert "first in the queue of the 2 of yours" in best.because
    assert best.because.endswith("1 awaits others.")


def test_who_has_nothing_to_go_on_with_is_shown_what_they_may_have(tess, requester, as_person):
    ShiftFactory(engineer=tess.engineer)
    opened(tess, "Asked for by themselves", 0)
    free = opened(requester, "Free", 1)
    opened(requester, "Waits", 2, **waits(assignee=tess))
    best = best_for(tess)
    assert (best.row.title, best.is_free) == ("Free", True)
    browser = as_person(tess)
    assert "Take it" in browser.get(MINE).content.decode()
    browser.post(reverse("tickets:take", args=[free.reference]))
    assert Ticket.objects.get(pk=free.pk).assignee == tess
    assert best_for(tess).row.title == "Free"


def test_nothing_is_next_where_gates_keep_one_from_all_that_waits(tess, requester, as_person):
    opened(requester, "Free")  # and nobody is on duty
    assert best_for(tess) is None
    assert "Nothing can be taken up" in as_person(tess).get(MINE).content.decode()


def test_the_page_shows_ones_own_alone_and_htmx_what_is_next(tess, requester, lead, as_person):
    opened(requester, "Of Tess", assignee=tess)
    opened(requester, "Of Ada", assignee=lead)
    browser = as_person(tess)
    page = browser.get(MINE).content.decode()
    assert "Of Tess" in page
    assert "Of Ada" not in page
    part = browser.get(MINE, headers={"HX-Request": "true"}).content.decode()
    assert "Of Tess" in part
    assert "<html" not in part


@pytest.mark.parametrize(("role", "status"), [("technician", 200), ("requester", 403)])
def test_it_is_for_who_works_at_the_desk(tenant, role, status, as_person):
    assert as_person(PersonFactory(role=role)).get(MINE).status_code == status


@pytest.mark.parametrize("is_free", [False, True])
@pytest.mark.parametrize("count", [3, 30])
def test_it_costs_the_same_for_few_and_many(
    count, is_free, tess, requester, as_person, django_assert_num_queries
):
    for number in range(count):
        opened(requester, f"Ticket {number}", assignee=None if is_free else tess)
    browser = as_person(tess)
    browser.get(MINE)
    with django_assert_num_queries(22 if is_free else 8):
        browser.get(MINE)
