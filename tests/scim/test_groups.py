"""Groups as Entra ID and Okta push them, and the teams and roles that come with them."""

import pytest

from nova.accounts import services as accounts
from nova.accounts.models import Group, Role, RoleGrant, TeamMembership
from nova.errors import Refused
from nova.events.models import EventRecord
from nova.scim import services
from nova.scim.models import Given, GroupMapping
from tests.factories import NOW, PersonFactory, TeamFactory

pytestmark = pytest.mark.django_db
CORE = "/core/scim/groupmapping/"


@pytest.fixture
def people(provider):
    return [PersonFactory(name=name) for name in ("Ana", "Ben", "Cai")]


@pytest.fixture
def group(provider, people):
    """Return a group that has Ana and Ben in it."""
    members = [{"value": str(person.pk), "display": "x"} for person in people[:2]]
    return provider.post("Groups", displayName="Broadcast Ops", externalId="g", members=members)


def inside(group):
    return sorted(Group.objects.get(pk=group["id"]).members.values_list("name", flat=True))


def told():
    names = EventRecord.objects.filter(name__startswith="accounts.Group").order_by("pk")
    return [name.removeprefix("accounts.Group") for name in names.values_list("name", flat=True)]


def values(*people):
    return [{"value": str(person.pk)} for person in people]


def test_a_group_is_made_with_its_members(group, people):
    assert inside(group) == ["Ana", "Ben"]
    assert [member["value"] for member in group["members"]] == [
        str(person.pk) for person in people[:2]
    ]
    assert told() == ["Created", "MembershipChanged"]


@pytest.mark.parametrize(
    "removal",
    [
        lambda pk: {"op": "Remove", "path": "members", "value": [{"value": pk}]},
        lambda pk: {"op": "remove", "path": f'members[value eq "{pk}"]'},
    ],
    ids=["entra's default", "flag and okta"],
)
def test_one_is_taken_out_and_the_others_stay(provider, group, people, removal):
    for _again in range(2):
        provider.patch(f"Groups/{group['id']}", removal(str(people[0].pk)))

    assert inside(group) == ["Ben"]
    assert told() == ["Created", "MembershipChanged", "MembershipChanged"]


def test_members_are_added_to_those_who_are_there(provider, group, people):
    added = {"op": "add", "path": "members", "value": values(people[1], people[2])}

    for _again in range(2):
        provider.patch(f"Groups/{group['id']}", added)

    assert inside(group) == ["Ana", "Ben", "Cai"]
    assert EventRecord.objects.order_by("pk").last().payload["added"] == [people[2].pk]


def test_members_are_replaced(provider, group, people):
    provider.patch(
        f"Groups/{group['id']}", {"op": "replace", "path": "members", "value": values(people[2])}
    )

    assert inside(group) == ["Cai"]


def test_a_group_is_emptied_only_by_saying_so(provider, group):
    provider.patch(f"Groups/{group['id']}", {"op": "Remove", "path": "members", "value": []})
    assert inside(group) == ["Ana", "Ben"]

    provider.patch(f"Groups/{group['id']}", {"op": "remove", "path": "members"})
    assert inside(group) == []


def test_a_new_name_may_come_with_the_id(provider, group):
    provider.patch(
        f"Groups/{group['id']}",
        {"op": "replace", "value": {"id": group["id"], "displayName": "Broadcast Ops EMEA"}},
    )

    assert Group.objects.get().name == "Broadcast Ops EMEA"
    assert inside(group) == ["Ana", "Ben"]


def test_a_put_replaces_name_and_members(provider, group, people):
    said = provider.put(f"Groups/{group['id']}", displayName="Board", members=values(people[2]))

    assert (said["displayName"], inside(group)) == ("Board", ["Cai"])


def test_a_name_that_another_group_has_is_refused(provider, group):
    assert provider.post("Groups", status=409, displayName="Broadcast Ops")["scimType"] == (
        "uniqueness"
    )


@pytest.mark.parametrize("member", ["999999", "nobody", "1e3", "-1", "9" * 30])
def test_nobody_unknown_comes_into_a_group(provider, group, member):
    provider.patch(
        f"Groups/{group['id']}",
        {"op": "add", "path": "members", "value": [{"value": member}]},
        status=400,
    )


def test_nobody_of_another_tenant_comes_into_a_group(provider, group, outsider):
    provider.patch(
        f"Groups/{group['id']}",
        {"op": "add", "path": "members", "value": values(outsider)},
        status=400,
    )

    assert inside(group) == ["Ana", "Ben"]


def test_members_are_left_out_when_asked(provider, group):
    whole = provider.get(f"Groups/{group['id']}")
    short = provider.get(f"Groups/{group['id']}", excludedAttributes="members")
    [row] = provider.get("Groups", excludedAttributes="members")["Resources"]
    name = provider.get(f"Groups/{group['id']}", attributes="displayName")

    assert len(whole["members"]) == 2
    assert "members" not in short
    assert "members" not in row
    assert set(name) == {"schemas", "id", "displayName"}


def test_a_group_is_deleted(provider, group):
    provider.ask("DELETE", f"Groups/{group['id']}", status=204)

    provider.ask("GET", f"Groups/{group['id']}", status=404)
    assert told()[-2:] == ["MembershipChanged", "Deleted"]


def test_a_person_shows_their_groups(provider, group, people):
    [shown] = provider.get(f"Users/{people[0].pk}")["groups"]

    assert (shown["value"], shown["display"]) == (group["id"], "Broadcast Ops")


@pytest.mark.parametrize("count", [3, 300])
def test_one_member_costs_the_same_in_few_and_many(
    provider, group, count, django_assert_num_queries
):
    crowd = PersonFactory.create_batch(count)
    admin = PersonFactory(role="admin")
    accounts.change_members(
        int(group["id"]), add=[person.pk for person in crowd], actor=admin, now=NOW
    )
    newcomer = PersonFactory()

    with django_assert_num_queries(ONE_MEMBER):
        provider.patch(
            f"Groups/{group['id']}", {"op": "add", "path": "members", "value": values(newcomer)}
        )


ONE_MEMBER = 19


class TestMapping:
    @pytest.fixture
    def kept(self, group):
        return Group.objects.get(pk=group["id"])

    @pytest.fixture
    def technician(self, tenant):
        return Role.objects.get(key="technician")

    def holders(self, role):
        return sorted(RoleGrant.objects.filter(role=role).values_list("person__name", flat=True))

    def leave(self, provider, group, person):
        provider.patch(
            f"Groups/{group['id']}",
            {"op": "remove", "path": f'members[value eq "{person.pk}"]'},
        )

    def test_a_role_comes_with_a_group_and_goes_with_it(
        self, provider, group, kept, people, technician, boss
    ):
        services.map_group(kept, role=technician, actor=boss, now=NOW)
        assert self.holders(technician) == ["Ana", "Ben"]

        provider.patch(
            f"Groups/{group['id']}", {"op": "add", "path": "members", "value": values(people[2])}
        )
        self.leave(provider, group, people[0])

        assert self.holders(technician) == ["Ben", "Cai"]
        names = set(EventRecord.objects.values_list("name", flat=True))
        assert {"scim.GroupMapped", "accounts.RoleGranted", "accounts.RoleRevoked"} <= names

    def test_what_a_person_had_by_hand_stays(
        self, provider, group, kept, people, technician, boss
    ):
        accounts.grant_role(people[0], technician, actor=boss, now=NOW)
        services.map_group(kept, role=technician, actor=boss, now=NOW)

        self.leave(provider, group, people[0])
        self.leave(provider, group, people[1])

        assert self.holders(technician) == ["Ana"]

    def test_a_team_comes_and_goes_too(self, provider, group, kept, people, boss):
        team = TeamFactory()
        services.map_group(kept, team=team, actor=boss, now=NOW)

        self.leave(provider, group, people[0])

        assert [row.person for row in TeamMembership.objects.all()] == [people[1]]
        names = EventRecord.objects.values_list("name", flat=True)
        assert "accounts.TeamJoined" in names
        assert "accounts.TeamLeft" in names

    def test_what_two_groups_bring_goes_with_the_second(
        self, provider, group, kept, people, technician, boss
    ):
        other = accounts.create_group("Other", actor=boss, now=NOW)
        accounts.change_members(other.pk, add=[people[0].pk], actor=boss, now=NOW)
        for each in (kept, other):
            services.map_group(each, role=technician, actor=boss, now=NOW)

        self.leave(provider, group, people[0])
        assert "Ana" in self.holders(technician)

        accounts.change_members(other.pk, remove=[people[0].pk], actor=boss, now=NOW)
        assert "Ana" not in self.holders(technician)

    def test_a_mapping_that_ends_takes_back_what_it_gave(self, kept, technician, boss):
        mapping = services.map_group(kept, role=technician, actor=boss, now=NOW)

        services.unmap_group(mapping.pk, actor=boss, now=NOW)

        assert self.holders(technician) == []
        assert not Given.objects.exists()

    def test_a_deleted_group_takes_back_what_it_brought(
        self, provider, group, kept, technician, boss
    ):
        services.map_group(kept, role=technician, actor=boss, now=NOW)

        provider.ask("DELETE", f"Groups/{group['id']}", status=204)

        assert self.holders(technician) == []
        assert not GroupMapping.objects.exists()

    def test_nobody_maps_a_role_that_may_do_more_than_they(self, kept, technician):
        clerk = PersonFactory(role="requester")

        with pytest.raises(Refused, match="may do more"):
            services.map_group(kept, role=technician, actor=clerk, now=NOW)

    def test_core_maps_and_unmaps(self, as_person, kept, technician, boss):
        browser = as_person(boss)

        answer = browser.post(f"{CORE}add/", {"group": kept.pk, "role": technician.pk})
        assert answer.status_code == 302
        assert self.holders(technician) == ["Ana", "Ben"]

        mapping = GroupMapping.objects.get()
        browser.post(f"{CORE}{mapping.pk}/delete/", {"post": "yes"})
        assert self.holders(technician) == []

    def test_core_asks_for_one_of_both(self, as_person, kept, technician, boss):
        both = {"group": kept.pk, "role": technician.pk, "team": TeamFactory().pk}

        for said in (both, {"group": kept.pk}):
            page = as_person(boss).post(f"{CORE}add/", said)
            assert b"Choose a team or a role." in page.content
