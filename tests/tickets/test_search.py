import re
from datetime import timedelta

import pytest
from django.urls import reverse

from nova.accounts.choices import VipLevel
from tests.factories import NOW, DepartmentFactory, PersonFactory
from tests.tickets.making import opened_for
from tickets import searching
from vip.services import designate_vip

API = "/api/support/tickets/search"
HTMX = {"HX-Request": "true"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(technician, as_person):
    return as_person(technician)


def found(client, words, **more):
    return client.get(reverse("tickets:search"), {"q": words}, **more).content.decode()


@pytest.mark.parametrize(
    "words", ["wall studio", "Wall STU", "t-1001", " T-1001 ", "vid", "(wall | 'studio", "wall!"]
)
def test_tickets_are_found_by_words_not_yet_typed_to_the_end(words, desk, requester):
    opened_for(requester, title="Video wall dark", description="Studio two")
    opened_for(requester, title="Printer jams")
    page = found(desk, words)
    assert "Video wall dark" in page
    assert "Printer jams" not in page


@pytest.mark.parametrize("words", ["ÉCRAN", "écran noi", "100%", "50_a", "noir à", "e-mail"])
def test_letters_are_found_as_they_are_whatever_stands_in_them(words, desk, requester):
    opened_for(requester, title="Écran noir à 100%", description="E-mail 50_a")
    opened_for(requester, title="Ecran blanc 2000 51a", description="Mail")
    page = found(desk, words)
    assert "Écran noir" in page
    assert "Ecran blanc" not in page


@pytest.mark.parametrize("words", ["", "  ", "%00", "???", "' & !", "nothing like it", "T-99"])
def test_odd_words_find_nothing_and_do_no_harm(words, desk, requester):
    opened_for(requester)
    answer = desk.get(reverse("tickets:search") + f"?q={words}")
    assert answer.status_code == 200
    assert "Laptop" not in answer.content.decode()


def test_typing_brings_hits_and_no_page(desk, requester):
    for _ in range(8):
        opened_for(requester)
    page = found(desk, "lap", headers=HTMX)
    assert "<html" not in page
    assert page.count('class="hit-ref"') == 6
    assert "Show all" in page


@pytest.fixture(params=[(3000, 2000), (0, 2000), (0, 40), (0, 1)], ids=str)
def _common(request, monkeypatch):
    """Let words be rare, or common among so many of the newest tickets."""
    few, recent = request.param
    monkeypatch.setattr(searching, "FEW", few)
    monkeypatch.setattr(searching, "RECENT", recent)
    monkeypatch.setattr(searching, "PER_HIT", 0)


@pytest.mark.usefixtures("_common")
def test_the_page_goes_on_by_keyset(desk, requester):
    for minute in range(65):
        opened_for(requester, at=NOW + timedelta(minutes=minute))
    references, url = [], reverse("tickets:search") + "?q=laptop"
    while url:
        page = desk.get(url).content.decode()
        references += re.findall(r"(T-\d+) ·", page)
        follows = re.search(r'href="(/search\?q=laptop&amp;after=[^"]+)"', page)
        url = follows and follows[1].replace("&amp;", "&")
    assert references == [f"T-{1065 - place}" for place in range(65)]


@pytest.mark.usefixtures("_common")
def test_the_api_goes_there_and_back_by_keyset(api_as, technician, requester):
    for minute in range(25):
        opened_for(requester, at=NOW + timedelta(minutes=minute))
    opened_for(requester, title="Mouse")
    program, link, forth, back = api_as(technician), f"{API}?q=lap&page_size=10&count=1", [], []
    while link:
        page = program.get(link).json()
        forth += [row["reference"] for row in page["results"]]
        assert page["count"] == 25
        last, link = page, page["next"]
    link = last["previous"]
    while link:
        page = program.get(link).json()
        back = [row["reference"] for row in page["results"]] + back
        link = page["previous"]
    assert forth == [f"T-{1025 - place}" for place in range(25)]
    assert back == forth[:20]


@pytest.mark.usefixtures("_common")
@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("wall vid", {"Video wall dark", "Wall of video"}),
        ('"video wall"', {"Video wall dark"}),
        ("video -dark", {"Wall of video"}),
        ('wall -"of video"', {"Video wall dark"}),
        ("-dark", set()),
    ],
)
def test_words_mean_the_same_everywhere(words, titles, desk, technician, api_as, requester):
    for title in ("Video wall dark", "Wall of video", "Printer jams"):
        opened_for(requester, title=title)
    page = found(desk, words)
    assert {title for title in ("Video wall dark", "Wall of video") if title in page} == titles
    for address in (API, API.removesuffix("/search")):
        rows = api_as(technician).get(address, {"q": words}).json()["results"]
        assert {row["title"] for row in rows} == titles


def test_a_rare_word_is_found_however_old_its_ticket(desk, requester, monkeypatch):
    monkeypatch.setattr(searching, "FEW", 0)
    monkeypatch.setattr(searching, "RECENT", 3)
    monkeypatch.setattr(searching, "PER_HIT", 0)
    opened_for(requester, title="Carillon out of tune")
    for minute in range(1, 9):
        opened_for(requester, at=NOW + timedelta(minutes=minute))
    assert "Carillon" in found(desk, "caril")


def test_a_forged_cursor_leads_nowhere(desk):
    answer = desk.get(reverse("tickets:search"), {"q": "x", "after": "forged"})
    assert answer.status_code == 404


def test_people_are_found_by_those_who_may_look_them_up(desk, requester, as_person):
    PersonFactory(name="Otto Nowak", department=DepartmentFactory(name="Payroll"))
    page = found(desk, "nowak otto")
    assert "Otto Nowak" in page
    assert "Payroll" in page
    for reader in (requester, PersonFactory(role="manager")):
        assert "Otto" not in found(as_person(reader), "nowak")


def test_requesters_find_their_own_tickets_in_their_own_frame(requester, as_person):
    opened_for(requester, title="My laptop")
    opened_for(PersonFactory(), title="Their laptop")
    page = found(as_person(requester), "laptop")
    assert "My laptop" in page
    assert "Their laptop" not in page
    assert 'class="portal"' in page
    assert reverse("portal:ticket", args=["T-1001"]) in page


def test_another_tenant_finds_nothing(requester, outsider, as_person):
    opened_for(requester)
    page = found(as_person(outsider), "laptop")
    assert "will not start" not in page
    assert "Ken Sato" not in found(as_person(outsider), "sato")


@pytest.mark.parametrize(("role", "sees"), [("lead", True), ("technician", False)])
def test_the_badge_is_for_those_who_may_see_it(role, sees, requester, as_person):
    lead = PersonFactory(role="lead")
    designate_vip({"person_id": requester.pk}, VipLevel.EXEC, reason="CFO", actor=lead, now=NOW)
    opened_for(requester)
    page = found(as_person(PersonFactory(role=role)), "laptop")
    assert ("badge vip" in page) is sees


@pytest.mark.parametrize("count", [3, 30])
def test_a_search_costs_the_same_for_few_and_many(
    count, desk, requester, django_assert_num_queries
):
    for _ in range(count):
        opened_for(requester)
        PersonFactory(name="Laptop Lover")
    with django_assert_num_queries(
        10
    ):  # the page's 3, frequency, tickets, 4 of their shapes, people
        found(desk, "laptop")
