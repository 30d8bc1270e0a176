"""Stardust by API: one's own, everybody's, and whether one takes part."""

import pytest

from stardust.models import OptOut
from tests.factories import PersonFactory, TeamFactory
from tests.sla.living import minutes
from tests.stardust.working import follow, reopen, settle, solved

BASE = "/api/support/stardust"


@pytest.fixture(autouse=True)
def _later(time_machine):
    time_machine.move_to(minutes(300), tick=False)


def test_one_reads_ones_own_entries_page_by_page(tess, requester, api_as):
    tickets = [solved(requester, tess) for _ in range(3)]
    reopen(tickets[0], requester, 40)
    solved(requester, PersonFactory(role="technician"))
    follow(tess)
    program = api_as(tess)
    first = program.get(BASE, {"page_size": 3, "count": "true"}).json()
    rest = program.get(first["next"]).json()

    assert first["count"] == 4
    assert first["results"][0] == {
        "id": first["results"][0]["id"],
        "at": "2026-03-03T10:40:00Z",
        "day": "2026-03-03",
        "ticket": tickets[0].reference,
        "kind": "taken_back",
        "is_bonus": False,
        "points": -8,
        "words": f"Taken back: {tickets[0].reference} was reopened.",
    }
    assert [entry["points"] for entry in rest["results"]] == [8]
    assert rest["next"] is None


def test_a_lead_reads_the_sums_by_name_and_week(tess, lead, requester, api_as):
    team, amy = TeamFactory(), PersonFactory(role="technician", name="Amy")
    team.memberships.create(person=amy, tenant_id=amy.tenant_id)
    for person in (tess, amy):
        solved(requester, person)
    follow(tess)
    program = api_as(lead)
    answer = program.get(f"{BASE}/team").json()

    assert answer["mondays"][-1] == "2026-03-02"
    assert [(line["name"], line["weeks"][-1]) for line in answer["results"]] == [
        ("Amy", 8),
        ("Tess", 8),
    ]
    narrowed = program.get(f"{BASE}/team", {"team": team.pk}).json()
    assert [line["person"] for line in narrowed["results"]] == [amy.pk]
    assert program.get(f"{BASE}/team", {"team": "x"}).status_code == 400
    assert program.get(f"{BASE}/team", {"team": 10**17}).status_code == 404


def test_one_says_whether_one_takes_part(tess, api_as):
    program, path = api_as(tess), f"{BASE}/participation"
    assert program.get(path).json() == {"takes_part": True}
    assert program.put(path, {"takes_part": False}).json() == {"takes_part": False}
    assert OptOut.objects.get().person == tess
    assert program.put(path, {"takes_part": True}).json() == {"takes_part": True}
    for wrong in ({}, {"takes_part": "perhaps"}, {"takes_part": True, "points": 9}):
        assert program.put(path, wrong).status_code == 400


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        ("technician", "", 200),
        ("technician", "/team", 403),
        ("lead", "/team", 200),
        ("requester", "", 403),
        ("requester", "/team", 403),
        ("requester", "/participation", 403),
    ],
)
def test_it_is_for_who_may(tenant, api_as, role, path, status):
    assert api_as(PersonFactory(role=role)).get(f"{BASE}{path}").status_code == status


def test_switched_off_there_is_nothing(lead, api_as):
    settle(lead, is_on=False)
    paths = (BASE, f"{BASE}/team", f"{BASE}/participation")
    assert [api_as(lead).get(path).status_code for path in paths] == [404, 404, 404]


@pytest.mark.parametrize("count", [3, 30])
def test_a_list_costs_the_same_for_few_and_many(
    tess, requester, api_as, count, django_assert_num_queries
):
    for _ in range(count):
        solved(requester, tess)
    follow(tess)
    program = api_as(tess)
    program.get(BASE)
    with django_assert_num_queries(5):
        assert len(program.get(BASE).json()["results"]) == count
