"""Calendars by API: listed, drafted, published, and their years."""

import pytest

from sla.models import Calendar, CalendarVersion
from tests.factories import PersonFactory

API = "/api/support/sla/calendars"
HOURS = {
    "tz": "Europe/Berlin",
    "weekly": {"mon": [["09:00", "17:00"]]},
    "holidays": [{"date": "2026-12-24", "closed": [["12:00", "24:00"]], "name": "Half day"}],
}
RULE = {"country": "DE", "subdivision": "BY", "first_year": 2026, "last_year": 2026}


@pytest.fixture
def admin(tenant, api_as):
    return api_as(PersonFactory(role="admin"))


@pytest.fixture
def technician(tenant, api_as):
    return api_as(PersonFactory(role="technician"))


@pytest.fixture
def berlin(admin):
    return admin.post(API, {"name": "Berlin", **HOURS}).data["id"]


def test_a_calendar_is_added_as_a_draft_and_published(admin, berlin):
    before = admin.get(f"{API}/{berlin}").data
    after = admin.post(f"{API}/{berlin}/publish", {}).data

    assert (before["current"], before["draft"]) == (None, 1)
    assert (after["current"], after["draft"]) == (1, None)
    assert after["versions"][0]["holidays"] == HOURS["holidays"]
    assert after["versions"][0]["status"] == "published"


def test_versions_are_shown_with_what_they_change(admin, berlin):
    admin.post(f"{API}/{berlin}/publish", {})
    stated = {**HOURS, "public_holidays": RULE, "weekly": {"tue": [["10:00", "12:00"]]}}
    made = admin.post(f"{API}/{berlin}/versions", stated)
    draft, former = made.data["versions"]

    assert made.status_code == 201
    assert [draft["status"], former["status"]] == ["draft", "published"]
    assert draft["public_holidays"] == RULE
    assert {"what": "tue", "before": "", "after": "10:00-12:00"} in draft["changes"]
    assert {"date": "2026-12-25", "name": "Christmas Day"} in draft["holidays"]


def test_a_list_names_the_versions_in_force_and_the_drafts(technician, berlin):
    found = {one["name"]: one for one in technician.get(API).data["results"]}

    assert found["Berlin"] == {
        "id": berlin,
        "name": "Berlin",
        "tz": "Europe/Berlin",
        "current": None,
        "draft": 1,
        "feed": None,
    }
    assert found["Office hours"]["current"] == 1


def test_a_year_says_its_open_time(technician, berlin):
    year = technician.get(f"{API}/{berlin}/year?year=2026").data

    assert year["seconds"] == sum(month["seconds"] for month in year["months"]) == 52 * 8 * 3600
    assert len(year["days"]) == 365
    assert year["days"][357]["name"] == "Half day"
    assert [d["clocks_set_by"] for d in year["days"] if d["clocks_set_by"]] == [3600, -3600]
    assert technician.get(f"{API}/{berlin}/year").status_code == 200


@pytest.mark.parametrize(
    ("stated", "place"),
    [
        ({"tz": "Mars/Base"}, "tz"),
        ({"weekly": {"mon": [["09:00"]]}}, "weekly.mon[0]"),
        ({"weekly": []}, "weekly"),
        ({"holidays": ["x"]}, "holidays[0]"),
        ({"holidays": [{"date": "2026-02-30"}]}, "holidays[0].date"),
        ({"public_holidays": {**RULE, "country": "XX"}}, "public_holidays.country"),
        ({"public_holidays": {**RULE, "subdivision": "XX"}}, "public_holidays.subdivision"),
        ({"public_holidays": {**RULE, "last_year": 2025}}, "public_holidays.last_year"),
        ({"hours": 1}, "hours"),
        ({"name": "Office hours"}, "name"),
    ],
)
def test_a_mistake_is_told_where_it_stands(admin, stated, place):
    answer = admin.post(API, {"name": "Berlin", **HOURS, **stated})

    assert (answer.status_code, list(answer.data["errors"])) == (400, [place])
    assert not Calendar.objects.filter(name="Berlin").exists()


@pytest.mark.parametrize(
    ("asked", "status"),
    [("year=x", 400), ("year=1900", 400), ("version=x", 400), ("version=99", 404)],
)
def test_a_year_that_cannot_be_shown_is_refused(admin, berlin, asked, status):
    assert admin.get(f"{API}/{berlin}/year?{asked}").status_code == status


def test_without_a_draft_or_open_time_publishing_is_refused(admin, berlin):
    admin.post(f"{API}/{berlin}/publish", {})
    assert admin.post(f"{API}/{berlin}/publish", {}).status_code == 409
    admin.post(f"{API}/{berlin}/versions", {"tz": "UTC"})
    assert admin.post(f"{API}/{berlin}/publish", {}).status_code == 409
    answer = admin.post(f"{API}/{berlin}/publish", {"may_stay_closed": True})

    assert answer.data["current"] == 2


def test_to_read_is_not_to_arrange(technician, berlin):
    assert technician.get(f"{API}/{berlin}").status_code == 200
    for path, body in ((API, {"name": "x", **HOURS}), (f"{API}/{berlin}/publish", {})):
        assert technician.post(path, body).status_code == 403


def test_requesters_see_no_calendar(api_as, berlin):
    requester = api_as(PersonFactory(role="requester"))

    assert requester.get(API).status_code == 403
    assert requester.get(f"{API}/{berlin}/year").status_code == 403


def test_another_tenants_calendar_is_not_there(api_as, outsider, berlin):
    stranger = api_as(outsider)

    assert "Berlin" not in {one["name"] for one in stranger.get(API).data["results"]}
    for path in ("", "/year"):
        assert stranger.get(f"{API}/{berlin}{path}").status_code == 404
    assert stranger.post(f"{API}/{berlin}/publish", {}).status_code == 404


def test_a_calendar_that_nobody_published_promises_nothing(admin, berlin):
    targets = [{"metric": "resolution", "seconds": 3600, "calendar": berlin}]
    stated = {"name": "Late", "targets": targets}

    assert admin.post("/api/support/sla", stated).status_code == 400
    admin.post(f"{API}/{berlin}/publish", {})
    assert admin.post("/api/support/sla", stated).status_code == 201


@pytest.mark.parametrize("count", [3, 30])
def test_a_list_costs_the_same_for_few_and_many(
    tenant, technician, django_assert_num_queries, count
):
    for number in range(count):
        calendar = Calendar.objects.create(tenant=tenant, name=f"Desk {number}")
        CalendarVersion.objects.create(
            tenant=tenant,
            calendar=calendar,
            number=1,
            definition={"tz": "UTC"},
            written_at=tenant.created_at,
        )
    technician.get(API)
    with django_assert_num_queries(5):  # a savepoint and its end, the person, the page, drafts
        found = technician.get(API).data["results"]

    assert len(found) == count + 2
