"""The team's calendar, and the page of an engineer: who sees what, and who may change it."""

from datetime import date, time

import pytest
from django.urls import reverse

from dispatch.models import AttendanceSource, AttendanceState, Engineer, RosterChange
from nova.accounts.models import TeamMembership
from nova.tenancy import fence
from tests.dispatch.making import CertificateFactory, EngineerFactory, ShiftFactory, SkillFactory
from tests.factories import NOW, PersonFactory, SiteFactory, TeamFactory

ROSTER, ME, ADD = (reverse(f"dispatch:{name}") for name in ("roster", "own", "add"))
PANEL, PROFILE = reverse("dispatch:own_panel"), reverse("accounts:profile")


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


def text_of(response):
    return " ".join(response.content.decode().split())


def page_of(engineer):
    return reverse("dispatch:engineer", args=[engineer.pk])


def sick(engineer, **stated):
    days = {"first": date(2026, 3, 4), "last": date(2026, 3, 5), "reason": "Flu", **stated}
    return RosterChange.objects.create(
        tenant_id=engineer.tenant_id, engineer=engineer, **{"kind": "sick", **days}
    )


def cells_of(response, name):
    calendar = response.context["calendar"]
    line = next(each for each in calendar.lines if str(each.engineer) == name)
    return {cell.day: cell for cell in line.cells}


def test_two_weeks_are_shown_in_the_time_of_who_looks(engineer, as_person):
    viewer = PersonFactory(role="technician", zone="America/New_York")
    ShiftFactory(engineer=engineer, weekday=3, opens=time(22), closes=time(6))
    response = as_person(viewer).get(ROSTER)
    cells = cells_of(response, "Tess Lind")
    assert next(iter(cells)) == date(2026, 3, 2)
    assert len(cells) == 14
    assert [bar.words for bar in cells[date(2026, 3, 3)].bars] == ["2\u201310"]
    # by then America has put its clocks forward, and Europe has not
    assert [bar.words for bar in cells[date(2026, 3, 10)].bars] == ["3\u201311"]
    assert [bar.words for bar in cells[date(2026, 3, 5)].bars] == ["16\u201324"]


def test_it_says_who_is_on_duty_now_and_who_comes_back_when(engineer, as_person, colleague):
    EngineerFactory(person__name="Nobody Here")
    page = text_of(as_person(colleague).get(ROSTER))
    assert "On duty now: 1 of 2" in page
    assert "No hours soon" in page


def test_it_says_by_what_people_are_held_to_be_there_once_where_it_is_of_all(
    engineer, as_person, colleague, tenant
):
    other = EngineerFactory(person__name="Nobody Here")
    source = AttendanceSource.objects.create(
        tenant=tenant, address="https://hr.example", next_ask_at=NOW, answered_at=NOW
    )
    page = text_of(as_person(colleague).get(ROSTER))
    assert page.count("since attendance does not name them") == 1
    assert "All of this by the roster, since attendance does not name them." in page

    AttendanceState.objects.create(
        tenant=tenant, engineer=other, source=source, on_duty=True, said_at=NOW
    )
    page = text_of(as_person(colleague).get(ROSTER))
    assert page.count("since attendance does not name them") == 1
    assert "All of this" not in page
    assert "On duty now: 2 of 2" in page


def test_weeks_go_on_and_back(engineer, as_person, colleague):
    browser = as_person(colleague)
    page = browser.get(ROSTER, {"from": "2026-03-18"})
    assert page.context["calendar"].days[0] == date(2026, 3, 16)
    assert [address for _word, address in page.context["weeks"]] == [
        f"{ROSTER}?from={day}" for day in ("2026-03-09", "2026-03-02", "2026-03-23")
    ]
    for odd in ("x", "2026-99-99", "9999-12-31", "0001-01-01"):
        days = browser.get(ROSTER, {"from": odd}).context["calendar"].days
        assert days[0] == date(2026, 3, 2)


def test_rows_are_by_team_and_one_team_may_be_looked_at(engineer, tess, as_person, lead, tenant):
    desk, field = TeamFactory(name="Desk"), TeamFactory(name="Field")
    for team in (field, desk):
        TeamMembership.objects.create(tenant=tenant, team=team, person=tess)
    EngineerFactory(person__name="Alone")
    browser = as_person(lead)
    groups = browser.get(ROSTER).context["calendar"].groups
    told = [(str(group.team), [str(line.engineer) for line in group.lines]) for group in groups]
    assert told == [("Desk", ["Tess Lind"]), ("Field", ["Tess Lind"]), ("None", ["Alone"])]
    [only] = browser.get(ROSTER, {"team": desk.pk}).context["calendar"].groups
    assert (only.team, len(only.lines)) == (desk, 1)
    assert browser.get(ROSTER, {"team": "x"}).status_code == 404


def test_why_somebody_is_away_is_for_them_and_who_plans(
    engineer, tess, as_person, lead, colleague
):
    sick(engineer)
    for viewer, word in ((tess, "Sick"), (lead, "Sick"), (colleague, "Away")):
        browser = as_person(viewer)
        assert cells_of(browser.get(ROSTER), "Tess Lind")[date(2026, 3, 4)].word == word
        page = text_of(browser.get(page_of(engineer)))
        assert word in page
        assert ("Flu" in page) is (word == "Sick")
        assert ("Sick</b>" in page) is (word == "Sick")


def test_only_a_lead_changes_a_day_from_the_calendar(engineer, as_person, lead, colleague):
    day = f"{page_of(engineer)}?day=2026-03-04&from=2026-03-02"
    assert day.replace("&", "&amp;") in text_of(as_person(lead).get(ROSTER))
    assert page_of(engineer) + "?day" not in text_of(as_person(colleague).get(ROSTER))
    browser = as_person(lead)
    assert 'value="2026-03-04"' in text_of(browser.get(day))
    answer = browser.post(day, {"about": "days", "kind": "training", "first": "2026-03-04"})
    assert (answer.status_code, answer["Location"]) == (302, f"{ROSTER}?from=2026-03-02")
    change = RosterChange.objects.get()
    assert (change.kind, change.first, change.last) == ("training", *[date(2026, 3, 4)] * 2)


def test_one_says_of_oneself_what_one_knows(engineer, tess, as_person):
    cisco, linux = SkillFactory(name="Cisco"), SkillFactory(name="Linux")
    engineer.skills.create(tenant_id=tess.tenant_id, skill=cisco, level=5)
    browser = as_person(tess)
    given = {"about": "known", f"skill_{cisco.pk}": 5, "more": linux.pk, "more_level": 3}
    assert browser.post(ME, {**given, "language": "de"}).status_code == 302
    engineer.refresh_from_db()
    assert dict(engineer.skills.values_list("skill", "level")) == {cisco.pk: 5, linux.pk: 3}
    assert engineer.languages == ["de"]
    assert "German" in text_of(browser.get(ME))
    given = {"about": "known", f"skill_{cisco.pk}": 5, f"skill_{linux.pk}": 4, "languages": ["de"]}
    assert browser.post(ME, given).status_code == 422
    browser.post(ME, {**given, f"skill_{linux.pk}": 0, "languages": []})
    engineer.refresh_from_db()
    assert dict(engineer.skills.values_list("skill", "level")) == {cisco.pk: 5}
    assert engineer.languages == []


def test_one_takes_leave_and_back_again(engineer, tess, as_person):
    browser = as_person(tess)
    days = {"about": "days", "kind": "leave", "first": "2026-03-09", "last": "2026-03-13"}
    assert browser.post(ME, days)["Location"] == f"{ME}#days"
    again = browser.post(ME, {**days, "kind": "hours", "opens": "10:00", "closes": "12:00"})
    assert again.status_code == 422
    assert "From 9 Mar 2026 to 13 Mar 2026 it is changed already: Leave." in text_of(again)
    assert browser.post(ME, {**days, "kind": "sick"}).status_code == 422
    change = RosterChange.objects.get()
    browser.post(reverse("dispatch:remove_change", args=[change.pk]))
    assert not RosterChange.objects.exists()


def test_what_a_lead_stated_is_not_ones_own_to_take_back(engineer, tess, as_person, lead):
    change = sick(engineer)
    path = reverse("dispatch:remove_change", args=[change.pk])
    assert path not in text_of(as_person(tess).get(ME))
    assert as_person(tess).post(path).status_code == 403
    assert as_person(lead).post(path).status_code == 302


@pytest.mark.parametrize("about", ["week", "settled", "nonsense", ""])
def test_the_rest_of_oneself_is_to_look_at(engineer, tess, as_person, about):
    browser = as_person(tess)
    assert browser.post(ME, {"about": about, "capacity": "1"}).status_code == 403
    assert "Change the week" not in text_of(browser.get(ME))


def test_of_others_one_changes_nothing(engineer, colleague, as_person):
    browser = as_person(colleague)
    page = text_of(browser.get(page_of(engineer)))
    assert "Tess Lind" in page
    assert 'name="about"' not in page
    assert browser.post(page_of(engineer), {"about": "known"}).status_code == 403


def test_a_lead_states_the_week(engineer, as_person, lead):
    browser = as_person(lead)
    week = {"about": "week", "day_0": "8-12, 13:00-17:30", "day_4": "22-6", "day_6": "18-24"}
    browser.post(page_of(engineer), week)
    assert [str(shift) for shift in engineer.shifts.all()] == [
        "Monday 08:00-12:00",
        "Monday 13:00-17:30",
        "Friday 22:00-06:00",
        "Sunday 18:00-00:00",
    ]
    assert "08:00-12:00, 13:00-17:30" in text_of(browser.get(page_of(engineer)))


@pytest.mark.parametrize(
    ("hours", "error"),
    [
        ("8-12, 11-13", "Monday 08:00-12:00 and Monday 11:00-13:00 overlap."),
        ("nine to five", "not “nine to five”"),
        ("8-25", "not “8-25”"),
        ("8:61-9", "not “8:61-9”"),
    ],
)
def test_hours_that_make_no_sense_are_told(engineer, as_person, lead, hours, error):
    answer = as_person(lead).post(page_of(engineer), {"about": "week", "day_0": hours})
    assert answer.status_code == 422
    assert error in text_of(answer)
    assert engineer.shifts.count() == 1


def test_a_lead_settles_capacity_sites_and_certificates(engineer, tess, as_person, lead):
    held, more, site = CertificateFactory(), CertificateFactory(name="CCNA"), SiteFactory()
    engineer.certificates.create(tenant_id=tess.tenant_id, certificate=held)
    given = {
        "about": "settled",
        "takes_work": "on",
        "capacity": "700",
        "is_for_vips": "on",
        "sites": [site.pk],
        f"gone_{held.pk}": "on",
        "more": more.pk,
        "more_until": "2026-12-31",
    }
    as_person(lead).post(page_of(engineer), given)
    engineer.refresh_from_db()
    assert (engineer.capacity, engineer.is_for_vips) == (700, True)
    [paper] = engineer.certificates.all()
    assert (paper.certificate, paper.expires_on) == (more, date(2026, 12, 31))
    assert list(engineer.sites.all()) == [site]


def test_who_is_preferred_for_vips_is_on_no_page_of_others(engineer, tess, as_person, colleague):
    engineer.is_for_vips = True
    engineer.save()
    for viewer in (tess, colleague):
        browser = as_person(viewer)
        for path in (ROSTER, page_of(engineer)):
            assert "VIP" not in text_of(browser.get(path))


def test_a_lead_adds_an_engineer(as_person, lead, colleague, tess):
    browser = as_person(lead)
    page = text_of(browser.get(ADD))
    assert "Lee Park" in page
    assert "Tess Lind" not in page
    answer = browser.post(ADD, {"person": colleague.pk})
    made = Engineer.objects.get(person=colleague)
    assert answer["Location"] == page_of(made)
    assert browser.post(ADD, {"person": tess.pk}).status_code == 422


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        ("technician", ROSTER, 200),
        ("technician", ME, 200),
        ("technician", ADD, 403),
        ("lead", ADD, 200),
        ("manager", ROSTER, 403),
        ("requester", ROSTER, 403),
        ("requester", ME, 403),
    ],
)
def test_the_pages_are_for_who_may_open_them(tenant, as_person, role, path, status):
    assert as_person(PersonFactory(role=role)).get(path).status_code == status


def test_the_profile_of_an_engineer_leads_there(engineer, tess, as_person, colleague):
    assert PANEL in text_of(as_person(tess).get(PROFILE))
    assert ME in text_of(as_person(tess).get(PANEL))
    assert as_person(colleague).get(PANEL).content == b""
    assert "no engineer yet" in text_of(as_person(colleague).get(ME))


def test_another_organisation_is_not_there(engineer, outsider, as_person):
    browser = as_person(outsider)
    assert browser.get(page_of(engineer)).status_code == 404
    assert browser.get(ROSTER).context["calendar"].lines == []
    change = sick(engineer)
    assert browser.post(reverse("dispatch:remove_change", args=[change.pk])).status_code == 404
    with fence.inside(outsider.tenant_id):
        assert not Engineer.objects.exists()


@pytest.mark.parametrize("count", [3, 30])
def test_a_page_costs_the_same_for_few_and_many(
    count, tenant, lead, as_person, django_assert_num_queries
):
    team, skill = TeamFactory(), SkillFactory()
    for engineer in EngineerFactory.create_batch(count):
        ShiftFactory(engineer=engineer)
        sick(engineer)
        engineer.skills.create(tenant=tenant, skill=skill)
        TeamMembership.objects.create(tenant=tenant, team=team, person=engineer.person)
    for _ in range(count):
        engineer.skills.create(tenant=tenant, skill=SkillFactory())
    browser = as_person(lead)
    for path, queries in ((ROSTER, 12), (page_of(engineer), 21)):
        browser.get(path)
        with django_assert_num_queries(queries):
            browser.get(path)
