"""Whom a provider calls somebody's assistants may act for them, and no longer than that."""

import pytest

from nova.accounts.models import Proxy, User
from nova.accounts.services import appoint_proxy, dismiss_proxy
from nova.events.models import EventRecord
from tests.factories import NOW, PersonFactory
from tests.scim.conftest import NOVA

pytestmark = pytest.mark.django_db
PATH = f"{NOVA}:assistants"


@pytest.fixture
def people(tenant):
    return [PersonFactory(name=name) for name in ("Vera", "Amir", "Beth")]


def named(*people):
    return [{"value": str(person.pk)} for person in people]


def acting(person):
    """Return who may act for a person by the provider's word."""
    found = Proxy.objects.filter(person=person, source="scim", revoked_at=None).order_by("proxy")
    assert all(sorted(proxy.scopes) == ["reply", "submit", "view"] for proxy in found)
    return [proxy.proxy for proxy in found]


def told():
    found = EventRecord.objects.filter(name__startswith="accounts.Proxy").order_by("pk")
    return [
        (name.removeprefix("accounts.Proxy"), payload["proxy_id"])
        for name, payload in found.values_list("name", "payload")
    ]


def test_who_comes_with_assistants_is_acted_for(provider, people):
    _, amir, _ = people
    said = provider.post("Users", userName="new@b.example", **{NOVA: {"assistants": named(amir)}})

    assert acting(User.objects.get(pk=said["id"])) == [amir]
    assert said[NOVA]["assistants"][0]["value"] == str(amir.pk)
    assert told() == [("Appointed", amir.pk)]


def test_a_whole_resource_appoints_and_dismisses_and_twice_it_changes_nothing(provider, people):
    vera, amir, beth = people
    address, whole = f"Users/{vera.pk}", {"userName": vera.email}
    for _ in range(2):
        provider.put(address, **whole, **{NOVA: {"assistants": named(amir)}})
    provider.put(address, **whole, **{NOVA: {"assistants": named(beth)}})
    assert acting(vera) == [beth]
    assert told() == [("Appointed", amir.pk), ("Appointed", beth.pk), ("Dismissed", amir.pk)]

    provider.put(address, **whole)
    assert acting(vera) == []


@pytest.mark.parametrize(
    "dialect",
    [
        lambda who: {"op": "Add", "path": PATH, "value": named(who)},
        lambda who: {"op": "add", "value": {PATH: named(who)}},
        lambda who: {"op": "add", "value": {NOVA: {"assistants": named(who)}}},
        lambda who: {"op": "Replace", "path": PATH, "value": named(who)},
        lambda who: {"op": "replace", "value": {NOVA: {"assistants": named(who)}}},
    ],
)
def test_each_dialect_adds(provider, people, dialect):
    vera, amir, _ = people
    provider.patch(f"Users/{vera.pk}", dialect(amir))
    provider.patch(f"Users/{vera.pk}", dialect(amir))
    assert acting(vera) == [amir]
    assert told() == [("Appointed", amir.pk)]


@pytest.mark.parametrize(
    "dialect",
    [
        lambda who: {"op": "remove", "path": f'{PATH}[value eq "{who.pk}"]'},
        lambda who: {"op": "Remove", "path": PATH, "value": named(who)},
    ],
)
def test_each_dialect_removes_one_and_only_that_one(provider, people, dialect):
    vera, amir, beth = people
    everyone = {"op": "add", "path": PATH, "value": named(amir, beth)}
    provider.patch(f"Users/{vera.pk}", everyone)
    provider.patch(f"Users/{vera.pk}", dialect(amir))
    assert acting(vera) == [beth]


def test_to_remove_the_attribute_dismisses_all(provider, people):
    vera, amir, beth = people
    provider.patch(f"Users/{vera.pk}", {"op": "add", "path": PATH, "value": named(amir, beth)})
    provider.patch(f"Users/{vera.pk}", {"op": "remove", "path": PATH})
    assert acting(vera) == []


def test_what_people_arranged_themselves_stays(provider, people):
    vera, amir, beth = people
    own = appoint_proxy(vera, amir, ["view"], actor=vera, now=NOW)
    provider.patch(f"Users/{vera.pk}", {"op": "add", "path": PATH, "value": named(amir, beth)})
    by_provider = Proxy.objects.get(proxy=beth)
    dismiss_proxy(by_provider.pk, actor=vera, now=NOW)
    provider.patch(f"Users/{vera.pk}", {"op": "replace", "path": "title", "value": "CFO"})
    provider.patch(f"Users/{vera.pk}", {"op": "replace", "path": PATH, "value": named(beth)})

    assert acting(vera) == []  # Beth was dismissed by Vera, and is named as before
    own.refresh_from_db()
    assert own.revoked_at is None


def test_who_does_not_exist_is_refused_and_nothing_changes(provider, people):
    vera, amir, _ = people
    wrong = {"op": "add", "path": PATH, "value": [*named(amir), {"value": "999999"}]}
    assert b"999999" in provider.patch(f"Users/{vera.pk}", wrong, status=400).content
    assert acting(vera) == []


def test_nobody_is_their_own_assistant(provider, people):
    vera, *_ = people
    provider.patch(f"Users/{vera.pk}", {"op": "add", "path": PATH, "value": named(vera)})
    assert acting(vera) == []


def test_it_ends_when_either_may_not_come_in_and_begins_again(provider, people):
    vera, amir, _ = people
    provider.patch(f"Users/{vera.pk}", {"op": "add", "path": PATH, "value": named(amir)})
    for one in (vera, amir):
        provider.patch(f"Users/{one.pk}", {"op": "replace", "path": "active", "value": False})
        assert acting(vera) == []
        provider.patch(f"Users/{one.pk}", {"op": "replace", "path": "active", "value": True})
        assert acting(vera) == [amir]


def test_an_assistant_who_may_not_come_in_yet_follows(provider, people):
    vera, *_ = people
    new = provider.post("Users", userName="new@b.example", active=False)
    aide = User.objects.get(pk=new["id"])
    provider.patch(f"Users/{vera.pk}", {"op": "add", "path": PATH, "value": named(aide)})
    assert acting(vera) == []
    provider.patch(f"Users/{aide.pk}", {"op": "replace", "path": "active", "value": "True"})
    assert acting(vera) == [aide]


def test_who_comes_back_is_an_assistant_again(provider, people):
    vera, amir, _ = people
    provider.patch(f"Users/{vera.pk}", {"op": "add", "path": PATH, "value": named(amir)})
    provider.ask("DELETE", f"Users/{amir.pk}", status=204)
    assert acting(vera) == []
    provider.post("Users", userName=amir.email)
    assert acting(vera) == [amir]
