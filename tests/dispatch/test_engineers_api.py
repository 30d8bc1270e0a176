"""Engineers and their roster by API."""

from datetime import date

import pytest

from dispatch.models import Engineer, RosterChange
from nova.accounts.models import TeamMembership
from tests.dispatch.making import CertificateFactory, EngineerFactory, ShiftFactory, SkillFactory
from tests.factories import NOW, PersonFactory, SiteFactory, TeamFactory

BASE = "/api/support/engineers"


@pytest.fixture(autouse=True)
def _now(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def engineer(tess):
    ShiftFactory(engineer=tess.engineer)
    return tess.engineer


@pytest.fixture
def colleague(tenant):
    return PersonFactory(role="technician", name="Lee Park")


def at(engineer, rest=""):
    return f"{BASE}/{engineer.pk}{rest}"


def test_an_engineer_is_read_with_all_that_they_bring(engineer, tess, api_as, colleague, tenant):
    team, cisco = TeamFactory(name="Desk"), SkillFactory(name="Cisco")
    TeamMembership.objects.create(tenant=tenant, team=team, person=tess)
    engineer.skills.create(tenant=tenant, skill=cisco, level=4)
    [told] = api_as(colleague).get(BASE).json()["results"]
    assert told == {
        "id": engineer.pk,
        "person": {"id": tess.pk, "name": "Tess Lind"},
        "takes_work": True,
        "capacity": 1000,
        "load": 0,
        "presence": {
            "is_on_duty": True,
            "until": "2026-03-03T15:00:00Z",
            "back_at": None,
            "known_by": "roster",
            "known_at": "2026-03-03T10:00:00Z",
            "is_stale": False,
        },
        "languages": [],
        "teams": [{"id": team.pk, "name": "Desk"}],
        "sites": [],
        "skills": [{"id": cisco.pk, "name": "Cisco", "level": 4}],
        "certificates": [],
    }
    assert api_as(colleague).get(at(engineer)).json() == told


def test_one_team_may_be_asked_for(engineer, tess, api_as, colleague, tenant):
    team = TeamFactory()
    TeamMembership.objects.create(tenant=tenant, team=team, person=tess)
    EngineerFactory()
    program = api_as(colleague)
    found = program.get(BASE, {"team": team.pk}).json()["results"]
    assert [each["id"] for each in found] == [engineer.pk]
    assert program.get(BASE, {"team": "x"}).status_code == 400


def test_a_lead_adds_an_engineer(api_as, lead, colleague):
    answer = api_as(lead).post(BASE, {"person": colleague.email, "languages": ["en"]})
    assert answer.status_code == 201
    made = Engineer.objects.get(person=colleague)
    assert (answer.json()["id"], made.languages) == (made.pk, ["en"])
    again = api_as(lead).post(BASE, {"person": colleague.pk})
    assert (again.status_code, again.json()["detail"]) == (409, "Lee Park is an engineer already.")


def test_a_lead_states_what_an_engineer_brings(engineer, api_as, lead):
    cisco, held, site = SkillFactory(name="Cisco"), CertificateFactory(name="CCNA"), SiteFactory()
    stated = {
        "capacity": 700,
        "is_for_vips": True,
        "skills": [{"skill": "Cisco", "level": 5}],
        "certificates": [{"certificate": held.pk, "expires_on": "2026-12-31"}],
        "sites": [site.name],
    }
    told = api_as(lead).patch(at(engineer), stated).json()
    assert told["skills"] == [{"id": cisco.pk, "name": "Cisco", "level": 5}]
    assert told["certificates"] == [{"id": held.pk, "name": "CCNA", "expires_on": "2026-12-31"}]
    assert (told["capacity"], told["is_for_vips"], len(told["sites"])) == (700, True, 1)


@pytest.mark.parametrize(
    ("stated", "where"),
    [
        ({"capacity": -1}, "capacity"),
        ({"skills": [{"skill": "Alchemy", "level": 1}]}, "skills.0.skill"),
        ({"skills": [{"skill": "Cisco", "level": 6}]}, "skills.0.level"),
        ({"languages": ["xx"]}, "languages.0"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_is_wrong_is_told_by_its_place(engineer, api_as, lead, stated, where):
    SkillFactory(name="Cisco")
    answer = api_as(lead).patch(at(engineer), stated)
    assert answer.status_code == 400
    assert where in answer.json()["errors"]


def test_one_states_of_oneself_what_one_may(engineer, tess, api_as, colleague):
    SkillFactory(name="Cisco")
    program = api_as(tess)
    known = {"languages": ["de"], "skills": [{"skill": "Cisco", "level": 3}]}
    assert program.patch(at(engineer), known).json()["languages"] == ["de"]
    higher = program.patch(at(engineer), {"skills": [{"skill": "Cisco", "level": 4}]})
    assert higher.status_code == 409
    assert program.patch(at(engineer), {"capacity": 1}).status_code == 403
    assert api_as(colleague).patch(at(engineer), known).status_code == 403


def test_who_is_preferred_for_vips_is_for_who_may_know_of_them(engineer, tess, api_as, lead):
    told = api_as(tess).get(at(engineer)).json()
    assert "is_for_vips" not in told
    refused = api_as(tess).patch(at(engineer), {"is_for_vips": True})
    unknown = api_as(tess).patch(at(engineer), {"is_for_dogs": True})
    assert refused.status_code == unknown.status_code == 400
    assert refused.content.replace(b"vips", b"dogs") == unknown.content
    assert api_as(lead).get(at(engineer)).json()["is_for_vips"] is False


def test_a_week_is_stated_and_read(engineer, api_as, lead):
    week = [
        {"weekday": 0, "opens": "06:00", "closes": "14:00"},
        {"weekday": 4, "opens": "22:00", "closes": "06:00"},
    ]
    told = api_as(lead).put(at(engineer, "/roster"), {"week": week}).json()
    assert told == {"zone": "Europe/Berlin", "week": week, "changes": []}
    clash = [*week, {"weekday": 5, "opens": "05:00", "closes": "09:00"}]
    refused = api_as(lead).put(at(engineer, "/roster"), {"week": clash})
    assert refused.status_code == 409
    assert "Friday 22:00-06:00 and Saturday 05:00-09:00 overlap." in refused.json()["detail"]
    wrong = api_as(lead).put(at(engineer, "/roster"), {"week": [{"weekday": 7}]})
    assert {"week.0.weekday", "week.0.opens"} <= wrong.json()["errors"].keys()


def test_days_are_changed_and_why_is_for_who_may_know(engineer, tess, api_as, lead, colleague):
    path = at(engineer, "/roster")
    sick = {"kind": "sick", "first": "2026-03-04", "reason": "Flu"}
    made = api_as(lead).post(path, sick).json()
    assert (made["last"], made["reason"]) == ("2026-03-04", "Flu")
    assert api_as(lead).post(path, sick).status_code == 409
    [own] = api_as(tess).get(path).json()["changes"]
    [others] = api_as(colleague).get(path).json()["changes"]
    assert (own["kind"], own["reason"]) == ("sick", "Flu")
    assert (others["kind"], others["label"], "reason" in others) == ("away", "Away", False)
    assert api_as(tess).delete(f"{path}/{made['id']}").status_code == 403
    assert api_as(lead).delete(f"{path}/{made['id']}").status_code == 204
    assert api_as(lead).delete(f"{path}/{made['id']}").status_code == 404


def test_one_takes_leave_oneself(engineer, tess, api_as, colleague):
    path = at(engineer, "/roster")
    leave = {"kind": "leave", "first": "2026-03-09", "last": "2026-03-13"}
    made = api_as(tess).post(path, leave).json()
    assert RosterChange.objects.get().last == date(2026, 3, 13)
    assert api_as(tess).post(path, {**leave, "kind": "sick"}).status_code == 403
    assert api_as(colleague).post(path, leave).status_code == 403
    assert api_as(tess).put(path, {"week": []}).status_code == 403
    assert api_as(tess).delete(f"{path}/{made['id']}").status_code == 204


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, 1),
        ({"from": "2026-03-13", "to": "2026-03-20"}, 1),
        ({"from": "2026-03-14"}, 0),
        ({"to": "2026-03-08"}, 0),
    ],
)
def test_a_window_of_days_is_asked_for(engineer, tess, api_as, asked, found):
    days = {"first": date(2026, 3, 9), "last": date(2026, 3, 13)}
    RosterChange.objects.create(tenant_id=tess.tenant_id, engineer=engineer, **days)
    assert len(api_as(tess).get(at(engineer, "/roster"), asked).json()["changes"]) == found


@pytest.mark.parametrize(
    "asked", [{"from": "x"}, {"from": "9999-12-31"}, {"from": "2026-03-09", "to": "2026-03-08"}]
)
def test_a_window_that_makes_no_sense_is_an_error(engineer, tess, api_as, asked):
    assert api_as(tess).get(at(engineer, "/roster"), asked).status_code == 400


def test_skills_are_listed_by_name(tess, api_as):
    SkillFactory(name="Linux")
    cisco = SkillFactory(name="Cisco")
    found = api_as(tess).get("/api/support/skills").json()["results"]
    assert [each["name"] for each in found] == ["Cisco", "Linux"]
    assert found[0]["id"] == cisco.pk


@pytest.mark.parametrize("path", ["", "/{pk}", "/{pk}/roster"])
@pytest.mark.parametrize(("role", "status"), [("technician", 200), ("requester", 403)])
def test_it_is_for_who_may(engineer, api_as, role, status, path):
    program = api_as(PersonFactory(role=role))
    assert program.get(BASE + path.format(pk=engineer.pk)).status_code == status


def test_another_organisation_is_not_there(engineer, outsider, api_as):
    program = api_as(outsider)
    assert program.get(BASE).json()["results"] == []
    for path in (at(engineer), at(engineer, "/roster")):
        assert program.get(path).status_code == 404
    assert program.patch(at(engineer), {"capacity": 1}).status_code == 404


@pytest.mark.parametrize("count", [3, 30])
def test_a_list_costs_the_same_for_few_and_many(
    count, tenant, colleague, api_as, django_assert_num_queries
):
    team, skill, held = TeamFactory(), SkillFactory(), CertificateFactory()
    for engineer in EngineerFactory.create_batch(count):
        ShiftFactory(engineer=engineer)
        engineer.skills.create(tenant=tenant, skill=skill)
        engineer.certificates.create(tenant=tenant, certificate=held)
        TeamMembership.objects.create(tenant=tenant, team=team, person=engineer.person)
    program = api_as(colleague)
    program.get(BASE)
    with django_assert_num_queries(14):
        assert len(program.get(BASE).json()["results"]) == count
