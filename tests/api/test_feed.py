"""The feed, through each reader's lens."""

import pytest

from nova.events.bus import publish
from tests.events.facts import Happened, Hidden
from tests.factories import NOW, PersonFactory, RoleFactory

FEED = "/api/support/events"


@pytest.fixture
def lead(tenant, settings):
    settings.EVENT_HANDLERS = {}
    return PersonFactory(role="lead", name="Lea")


@pytest.fixture
def facts(lead):
    """Publish five facts, the fourth of which not everybody may learn of."""
    kinds = [Happened, Happened, Happened, Hidden, Happened]
    for number, kind in enumerate(kinds, start=1):
        more = {"number": number} if kind is Happened else {}
        publish(kind(tenant_id=lead.tenant_id, **more), actor=lead, now=NOW)


@pytest.fixture
def auditor(tenant, as_person):
    """Return somebody who reads the feed and may not see who is a VIP."""
    person = PersonFactory(role="")
    role = RoleFactory(permissions=["events.read_feed"])
    person.grants.create(tenant_id=person.tenant_id, role=role)
    return person


def sequences(body):
    return [fact["sequence"] for fact in body["results"]]


def test_facts_come_in_order_without_gaps(facts, lead, api_as):
    body = api_as(lead).get(FEED).json()

    assert sequences(body) == [1, 2, 3, 4, 5]
    assert body["results"][0] == {
        "sequence": 1,
        "name": "tests.events.facts.Happened",
        "subject": "number",
        "subject_id": 1,
        "occurred_at": "2026-03-03T10:00:00Z",
        "payload": {"number": 1, "secret": "gold"},
        "hash": "",
        "actor": {"id": lead.pk, "name": "Lea"},
        "on_behalf_of": None,
    }


def test_a_reader_goes_on_where_it_stopped(facts, lead, api_as):
    program = api_as(lead)
    first = program.get(f"{FEED}?limit=2").json()
    second = program.get(first["next"]).json()
    third = program.get(second["next"]).json()

    assert [sequences(body) for body in (first, second, third)] == [[1, 2], [3, 4], [5]]
    assert sequences(program.get(third["next"]).json()) == []


def test_a_name_narrows_and_the_place_goes_on_all_the_same(facts, lead, api_as):
    body = api_as(lead).get(f"{FEED}?name=tests.events.facts.Hidden").json()

    assert (sequences(body), body["after"]) == ([4], 5)


def test_a_lens_withholds_fields_facts_and_the_seals_that_would_tell_them(facts, auditor, api_as):
    body = api_as(auditor).get(FEED).json()

    assert sequences(body) == [1, 2, 3, 5]
    assert all(fact["payload"].keys() == {"number"} for fact in body["results"])
    assert not any("hash" in fact for fact in body["results"])


@pytest.mark.parametrize("count", [3, 30])
def test_the_feed_costs_the_same_for_few_and_many(count, lead, api_as, django_assert_num_queries):
    for number in range(count):
        actor, stand_in = PersonFactory.create_batch(2)
        event = Happened(tenant_id=lead.tenant_id, number=number)
        publish(event, actor=actor, on_behalf_of=stand_in, now=NOW)
    program = api_as(lead)
    program.get(FEED)  # numbers them
    with django_assert_num_queries(8):
        body = program.get(FEED).json()

    assert len(body["results"]) == count
    assert all(fact["actor"]["name"] for fact in body["results"])


def test_another_tenant_reads_none_of_it(facts, outsider, api_as):
    body = api_as(outsider).get(FEED).json()

    assert body["results"] == []


@pytest.mark.parametrize("role", ["requester", "technician"])
def test_the_feed_asks_for_its_permission(tenant, api_as, role):
    assert api_as(PersonFactory(role=role)).get(FEED).status_code == 403


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("after=-1", "after"),
        ("after=x", "after"),
        ("after=9223372036854775808", "after"),
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("name=nothing", "name"),
        ("name=%00", "name"),
    ],
)
def test_garbage_is_refused_by_name(lead, api_as, query, field):
    response = api_as(lead).get(f"{FEED}?{query}")

    assert response.status_code == 400
    assert list(response.json()["errors"]) == [field]
