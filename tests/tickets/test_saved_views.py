"""Saved views of the queue: kept, renamed, shared and forgotten, on the page and by the API."""

import pytest

from tests.factories import PersonFactory
from tickets.models import SavedView

ALL = "/pulse/views/all"
API = "/api/support/views"


@pytest.fixture
def keep(tenant):
    """Return a way to keep a view of somebody."""

    def keeps(owner, name, **fields):
        made = {"tenant": tenant, "query": "impact=high", **fields}
        return SavedView.objects.create(owner=owner, name=name, **made)

    return keeps


def test_one_arranges_ones_own_and_reads_what_others_share(as_person, technician, colleague, keep):
    keep(technician, "Mine")
    keep(colleague, "Shared", is_shared=True)
    keep(colleague, "Theirs")
    page = as_person(technician).get(ALL).content.decode()

    assert 'value="Mine"' in page
    assert "Shared" in page
    assert 'value="Shared"' not in page
    assert "Theirs" not in page


def test_a_view_is_renamed_and_shared(as_person, technician, keep):
    view = keep(technician, "Mine")
    answer = as_person(technician).post(
        f"/pulse/views/{view.pk}", {"name": "Big", "is_shared": "on"}
    )
    view.refresh_from_db()

    assert answer["Location"] == ALL
    assert (view.name, view.is_shared, view.query) == ("Big", True, "impact=high")


@pytest.mark.parametrize(
    ("name", "said"), [("Other", "another view called Other"), ("", "required")]
)
def test_a_name_that_will_not_do_is_asked_again(as_person, technician, keep, name, said):
    keep(technician, "Other")
    view = keep(technician, "Mine")
    answer = as_person(technician).post(f"/pulse/views/{view.pk}", {"name": name})

    assert answer.status_code == 422
    assert said in answer.content.decode()
    view.refresh_from_db()
    assert view.name == "Mine"


@pytest.mark.parametrize("act", ["", "/forget"])
def test_nobody_touches_what_another_shares(as_person, technician, colleague, keep, act):
    view = keep(colleague, "Shared", is_shared=True)

    answer = as_person(technician).post(f"/pulse/views/{view.pk}{act}", {"name": "Taken"})
    assert answer.status_code == 404
    assert SavedView.objects.get().name == "Shared"


def test_a_view_is_forgotten(as_person, technician, keep):
    view = keep(technician, "Mine")
    as_person(technician).post(f"/pulse/views/{view.pk}/forget")

    assert not SavedView.objects.exists()


def test_views_by_the_api(api_as, technician, colleague, keep):
    keep(colleague, "Shared", is_shared=True)
    program = api_as(technician)
    made = program.post(API, {"name": "Mine", "query": "impact=high"})
    url = f"{API}/{made.json()['id']}"

    assert made.status_code == 201
    assert [view["name"] for view in program.get(API).json()["results"]] == ["Mine", "Shared"]
    assert program.patch(url, {"is_shared": True}).json()["is_shared"] is True
    assert program.patch(url, {"name": ""}).status_code == 400
    assert program.post(API, {"name": "Mine", "query": ""}).status_code == 409
    assert api_as(colleague).patch(url, {"name": "Taken"}).status_code == 404
    assert api_as(colleague).delete(url).status_code == 404
    assert program.delete(url).status_code == 204


@pytest.mark.parametrize("path", [ALL, API])
def test_views_are_the_desks(as_person, tenant, path):
    assert as_person(PersonFactory(role="requester")).get(path).status_code == 403


@pytest.mark.parametrize("query", ["", "q=a\r\nX: y", "q=Müller&impact=high"])
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_any_queue_is_kept_and_led_back_to(as_person, technician, query, headers):
    client = as_person(technician)
    answer = client.post("/pulse/views", {"name": "Mine", "query": query}, headers=headers)
    there = answer.headers.get("Location") or answer["HX-Redirect"]

    assert answer.status_code in (204, 302)
    assert client.get(there).status_code == 200
    assert SavedView.objects.get().name == "Mine"
