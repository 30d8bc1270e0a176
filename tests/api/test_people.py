"""People to pick from, by words of theirs."""

import pytest

from nova.accounts.models import User
from tests.factories import DepartmentFactory, PersonFactory

pytestmark = pytest.mark.django_db
PEOPLE = "/api/support/people"


def test_words_of_name_email_or_title_find_people(api_as, person):
    department = DepartmentFactory(name="Broadcast")
    found = PersonFactory(name="Grace Hopper", title="Admiral", department=department)

    results = api_as(person).get(PEOPLE, {"search": "hop adm"}).json()["results"]

    assert [result["id"] for result in results] == [found.pk]
    assert results[0]["department"] == "Broadcast"


def test_nova_itself_is_nobody_to_pick(api_as, person):
    names = [row["name"] for row in api_as(person).get(PEOPLE).json()["results"]]

    assert names == ["Ada"]


@pytest.mark.parametrize(("role", "is_told"), [("technician", False), ("lead", True)])
def test_who_is_a_vip_is_told_to_those_who_may_know(api_as, tenant, role, is_told):
    User.objects.update(vip_level="exec")

    results = api_as(PersonFactory(role=role)).get(PEOPLE).json()["results"]

    assert all(("vip_level" in result) is is_told for result in results)


def test_requesters_look_nobody_up(api_as, tenant):
    assert api_as(PersonFactory(role="requester")).get(PEOPLE).status_code == 403


@pytest.mark.parametrize("count", [3, 30])
def test_a_list_costs_the_same_for_few_and_many(api_as, person, django_assert_num_queries, count):
    for _ in range(count):
        PersonFactory(department=DepartmentFactory())
    api = api_as(person)

    with django_assert_num_queries(4):  # savepoint, person, page, release
        api.get(PEOPLE, {"page_size": 200})
