import re
from datetime import timedelta

import pytest
from django.urls import reverse

from tests.factories import NOW, PersonFactory, TeamFactory
from tests.tickets.making import opened_for
from tickets.choices import Priority

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(tenant, as_person):
    return as_person(PersonFactory(role="technician", name="Mia Ruiz"))


@pytest.mark.parametrize("count", [3, 30])
def test_the_queue_costs_the_same_for_few_and_many(count, desk, django_assert_num_queries):
    requester = PersonFactory()
    for _ in range(count):
        opened_for(requester)
    with django_assert_num_queries(9):
        # transaction, person, places, tickets, people, parts, clocks, kept views, end
        page = desk.get(reverse("tickets:pulse")).content.decode()

    assert page.count("data-row=") == count


def test_the_rows_of_the_page_and_those_that_come_later_are_the_same(desk, time_machine):
    time_machine.move_to(NOW + timedelta(hours=1), tick=False)
    opened_for(PersonFactory(), title="Wall <dark>")
    page = desk.get(reverse("tickets:pulse")).content.decode()

    rows = desk.get(reverse("tickets:rows"), headers={"HX-Request": "true"}).content.decode()

    assert 'data-href="/tickets/T-1001"' in rows
    assert "Wall &lt;dark&gt;" in rows
    assert _without_times(rows) in _without_times(page)


def test_an_empty_queue_says_so(desk):
    assert "Nothing waits here." in desk.get(reverse("tickets:pulse")).content.decode()


def test_filters_come_as_their_menu_opens(desk):
    page = desk.get(reverse("tickets:pulse") + "?view=all&priority=1").content.decode()
    url = reverse("tickets:filters") + "?view=all&amp;priority=1"

    assert f'hx-get="{url}"' in page
    assert 'id="filter_team"' not in page


def test_the_filters_that_are_on_are_said_in_words(desk):
    team = TeamFactory(name="Night desk")
    asked = {"priority": "1,5", "assignee": "me", "q": "wall", "team": team.pk, "impact": "high"}
    page = desk.get(reverse("tickets:pulse"), asked).content.decode()
    chips = re.findall(r'chip-name">([^<]*)</span> ([^<]*) <', page)

    assert chips == [
        ("Impact", "high"),
        ("Priority", f"{Priority.P1.label}, {Priority.P5.label}"),
        ("Team", "Night desk"),
        ("Whose", "Mine"),
        ("Words", "wall"),
    ]


@pytest.mark.parametrize("name", ["team", "assignee"])
def test_a_filter_that_is_no_number_is_said_to_be_none(desk, name):
    page = desk.get(reverse("tickets:pulse"), {name: "1.5"}).content.decode()

    assert f"{name}: Give a whole number" in page


@pytest.mark.parametrize("query", ["team=9", "team=x", "team=" + "9" * 5000, "priority=x"])
def test_a_filter_that_is_none_breaks_no_queue(desk, query):
    assert desk.get(f"{reverse('tickets:pulse')}?{query}").status_code == 200


def test_the_filters_show_what_is_chosen(desk):
    asked = {"view": "all", "priority": "1", "assignee": "me"}
    form = desk.get(reverse("tickets:filters"), asked, headers={"HX-Request": "true"})
    html = form.content.decode()

    assert "<html" not in html
    assert '<option value="me" selected>' in html
    assert html.count(" checked") == 1


def test_the_filters_are_a_page_where_there_is_no_script(desk):
    page = desk.get(reverse("tickets:filters")).content.decode()

    assert "<html" in page
    assert 'id="filter_team"' in page


def _without_times(html: str) -> str:
    return re.sub(r'data-now="[\d.]+"', "", " ".join(html.split()))
