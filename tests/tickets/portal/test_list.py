"""The start of a requester: their reports, the open ones first."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from nova.accounts.services import appoint_proxy
from tests.factories import NOW, PersonFactory
from tests.tickets.making import opened_for
from tests.tickets.portal.telling import address, move
from tickets.choices import Status


def test_the_start_of_a_requester_is_the_portal(portal):
    assert portal.get("/").url == reverse("portal:home")


def test_an_empty_portal_says_so(portal):
    assert "You have reported nothing yet." in portal.get("/portal/").content.decode()


def test_open_things_come_first_then_earlier_ones_newest_first(portal, requester, technician):
    *_, third = (
        opened_for(requester, title=title, at=NOW + timedelta(minutes=minute))
        for minute, title in enumerate(["Alpha", "Beta", "Gamma"])
    )
    move(third, Status.RESOLVED, technician)
    page = portal.get("/portal/").content.decode()
    order = [page.index(word) for word in (">Open<", "Beta", "Alpha", ">Earlier<", "Gamma")]
    assert order == sorted(order)


def test_what_one_sent_for_another_is_there_for_both(portal, requester, as_person):
    boss = PersonFactory(name="Ada Boss")
    appoint_proxy(boss, requester, ["submit"], actor=boss, now=NOW)
    ticket = opened_for(boss, submitted_by=requester)
    assert "for Ada Boss" in portal.get("/portal/").content.decode()
    assert "on behalf of Ada Boss" in portal.get(address("ticket", ticket)).content.decode()
    assert "for Ada Boss" not in as_person(boss).get("/portal/").content.decode()


def test_older_ones_follow_by_keyset(portal, requester):
    for minute in range(45):
        opened_for(requester, at=NOW + timedelta(minutes=minute))
    found, url = [], "/portal/"
    while url:
        page = portal.get(url).content.decode()
        found += re.findall(r"(T-\d+) ·", page)
        follows = re.search(r'href="(/portal/\?after=[^"]+)"', page)
        url = follows and follows[1]
    assert found == [f"T-{1045 - place}" for place in range(45)]


@pytest.mark.parametrize("after", ["x", "%00", "A" * 60])
def test_a_cursor_of_something_else_leads_nowhere(after, portal):
    assert portal.get(f"/portal/?after={after}").status_code == 404


@pytest.mark.parametrize("count", [3, 30])
def test_the_list_costs_the_same_for_few_and_many(
    count, portal, requester, django_assert_num_queries
):
    for _ in range(count):
        opened_for(requester)
    with django_assert_num_queries(4):  # savepoint, person, page, release
        portal.get("/portal/")
