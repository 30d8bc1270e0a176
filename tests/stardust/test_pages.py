"""The pages of Stardust: one's own, everybody's by name, and none where it is switched off."""

import pytest
from django.urls import reverse

from stardust.models import Entry, OptOut
from tests.factories import PersonFactory, RoleFactory, TeamFactory
from tests.sla.living import minutes
from tests.stardust.working import follow, reopen, settle, solved
from vip.services import designate_vip, reassess

OWN, TEAM, PART = (reverse(f"stardust:{name}") for name in ("own", "team", "take_part"))
PANEL, PROFILE = reverse("stardust:panel"), reverse("accounts:profile")


@pytest.fixture(autouse=True)
def _later(time_machine):
    time_machine.move_to(minutes(300), tick=False)


@pytest.fixture
def vera(lead):
    person = PersonFactory(name="Vera")
    designate_vip({"person_id": person.pk}, "exec", reason="Board", actor=lead, now=minutes(0))
    reassess([person.pk], actor=lead, now=minutes(0))
    return person


def text_of(response):
    return " ".join(response.content.decode().split())


def holder_of(*permissions):
    person = PersonFactory(role="")
    role = RoleFactory(permissions=["tickets.view_ticket", *permissions])
    person.grants.create(role=role, tenant_id=role.tenant_id)
    return person


def test_a_technician_sees_what_they_earned_and_why(tess, requester, as_person):
    first = solved(requester, tess, at=-7 * 24 * 60, after=10)
    second = solved(requester, tess, title="Printer smokes")
    follow(tess)
    reopen(second, requester, 40)
    follow(tess)
    response = as_person(tess).get(OWN)
    page = text_of(response)

    assert [week.points for week in response.context["weeks"]] == [0] * 6 + [10, 0]
    assert "0 points this week." in page
    assert "8 for 70 % of the time left" in page
    assert f"Taken back: {second.reference} was reopened." in page
    assert reverse("tickets:ticket", args=[first.reference]) in page
    assert "Printer smokes" in page


def test_of_anothers_points_one_learns_nothing(tess, requester, as_person):
    solved(requester, tess)
    follow(tess)
    response = as_person(PersonFactory(role="technician")).get(OWN)
    assert response.context["entries"] == []
    assert "Nothing yet." in text_of(response)


def test_one_stops_taking_part_and_begins_again(tess, as_person):
    browser = as_person(tess)
    page = text_of(browser.post(PART, {"takes_part": "no"}, follow=True))
    assert "You take no part any more." in page
    assert OptOut.objects.get().person == tess
    page = text_of(browser.post(PART, {"takes_part": "yes"}, follow=True))
    assert "You take part." in page
    assert not OptOut.objects.standing().exists()


def test_a_lead_sees_everybody_by_name_but_who_takes_no_part(tess, lead, requester, as_person):
    zoe, amy, gone = (PersonFactory(role="technician", name=n) for n in ("Zoe", "amy", "Gone"))
    for person in (zoe, zoe, tess, amy, gone):
        solved(requester, person)
    solved(requester, amy, at=-7 * 24 * 60)
    follow(tess)
    as_person(gone).post(PART, {"takes_part": "no"})
    response = as_person(lead).get(TEAM)

    lines = [(line.name, line.weeks[-2:], line.total) for line in response.context["lines"]]
    assert lines == [("amy", (8, 8), 16), ("Tess", (0, 8), 8), ("Zoe", (0, 16), 16)]
    assert "Gone" not in text_of(response)


def test_a_lead_looks_at_one_team(tess, lead, requester, as_person):
    team, amy = TeamFactory(name="Desk"), PersonFactory(role="technician", name="Amy")
    team.memberships.create(person=amy, tenant_id=amy.tenant_id)
    for person in (tess, amy):
        solved(requester, person)
    follow(tess)
    browser = as_person(lead)
    shown = browser.get(TEAM, {"team": team.pk}).context["lines"]
    assert [line.name for line in shown] == ["Amy"]
    assert browser.get(TEAM, {"team": "x"}).status_code == 404
    assert browser.get(TEAM, {"team": "9" * 30}).status_code == 404


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        ("technician", OWN, 200),
        ("technician", TEAM, 403),
        ("lead", TEAM, 200),
        ("admin", TEAM, 200),
        ("manager", OWN, 403),
        ("requester", OWN, 403),
        ("requester", TEAM, 403),
    ],
)
def test_the_pages_are_for_who_may_open_them(tenant, as_person, role, path, status):
    assert as_person(PersonFactory(role=role)).get(path).status_code == status


def test_switched_off_there_is_no_page_and_no_link(lead, as_person):
    browser = as_person(lead)
    reports = reverse("sla:compliance")
    assert TEAM in text_of(browser.get(reports))
    assert OWN in text_of(browser.get(PANEL))
    settle(lead, is_on=False)

    assert [browser.get(path).status_code for path in (OWN, TEAM)] == [404, 404]
    assert browser.post(PART, {"takes_part": "no"}).status_code == 404
    assert TEAM not in text_of(browser.get(reports))
    assert browser.get(PANEL).content == b""


@pytest.mark.parametrize(("role", "links"), [("technician", 1), ("lead", 2), ("requester", 0)])
def test_the_profile_leads_there(tenant, as_person, role, links):
    browser = as_person(PersonFactory(role=role))
    assert (PANEL in text_of(browser.get(PROFILE))) == (links > 0)
    assert browser.get(PANEL).content.count(b"<a ") == links


def test_who_sees_vips_sees_bonuses_and_sums_with_them(tess, vera, lead, as_person):
    solved(vera, tess)
    solved(vera, lead)
    follow(tess)
    own, team = as_person(lead).get(OWN), as_person(lead).get(TEAM)
    assert [entry.points for entry in own.context["entries"]] == [6, 8]
    assert [line.total for line in team.context["lines"]] == [14, 14]
    assert "Exec 6" in text_of(own)

    mine = as_person(tess).get(OWN)
    assert [entry.points for entry in mine.context["entries"]] == [8]
    assert mine.context["present"].points == 8
    assert "VIP" not in text_of(mine)
    others = as_person(holder_of("stardust.view_team")).get(TEAM)
    assert [line.total for line in others.context["lines"]] == [8, 8]


def test_another_tenant_is_not_there(tess, requester, outsider, as_person):
    solved(requester, tess)
    follow(tess)
    assert as_person(outsider).get(TEAM).context["lines"] == []


def test_a_long_list_goes_on(tess, requester, as_person):
    for _ in range(35):
        solved(requester, tess)
    follow(tess)
    browser = as_person(tess)
    first = browser.get(OWN)
    rest = browser.get(OWN, {"before": first.context["older"]})
    seen = [entry.pk for page in (first, rest) for entry in page.context["entries"]]
    assert seen == list(Entry.objects.order_by("-pk").values_list("pk", flat=True))
    assert rest.context["older"] is None


@pytest.mark.parametrize("count", [3, 30])
def test_a_page_costs_the_same_for_few_and_many(
    tess, lead, requester, as_person, count, django_assert_num_queries
):
    for n in range(count):
        person = PersonFactory(role="technician", name=f"Person {n}")
        solved(requester, person)
        solved(requester, tess)
    follow(tess)
    for person, path, queries in ((tess, OWN, 8), (lead, TEAM, 7)):
        browser = as_person(person)
        browser.get(path)
        with django_assert_num_queries(queries):
            browser.get(path)
