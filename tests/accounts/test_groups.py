"""Groups: who is in them, what is told of that, and how Core arranges them."""

import pytest

from nova.accounts import services
from nova.accounts.models import Group, GroupMembership
from nova.accounts.system import system_of
from nova.errors import Refused
from nova.events.models import EventRecord
from tests.factories import NOW, GroupFactory, PersonFactory

pytestmark = pytest.mark.django_db
CORE = "/core/accounts/group/"


@pytest.fixture
def boss(tenant):
    return PersonFactory(role="admin")


@pytest.fixture
def group(boss):
    return services.create_group("Executives", external_id="g-1", actor=boss, now=NOW)


def told():
    """Return the name and payload of each event, oldest first."""
    events = EventRecord.objects.order_by("pk").values_list("name", "payload")
    return [(name.removeprefix("accounts."), payload) for name, payload in events]


def test_a_new_group_has_nobody_in_it_and_is_told(group):
    assert told() == [("GroupCreated", {"group_id": group.pk, "group": "Executives"})]
    assert not group.members.exists()


def test_people_come_and_leave_in_one_event(group, boss):
    ana, ben, cai = PersonFactory.create_batch(3)
    services.change_members(group.pk, add=[ana.pk, ben.pk], actor=boss, now=NOW)

    changed = services.change_members(
        group.pk, add=[cai.pk, ben.pk], remove=[ana.pk, boss.pk], actor=boss, now=NOW
    )

    assert set(group.members.all()) == {ben, cai}
    name, payload = told()[-1]
    assert name == "GroupMembershipChanged"
    assert (payload["added"], payload["removed"]) == ([cai.pk], [ana.pk])
    assert changed.version == 3


def test_the_same_again_changes_nothing_and_is_not_told(group, boss):
    person = PersonFactory()
    for _again in range(2):
        services.change_members(group.pk, add=[person.pk], actor=boss, now=NOW)
        services.edit_group(group.pk, {"name": "Executives"}, actor=boss, now=NOW)

    assert [name for name, _payload in told()] == ["GroupCreated", "GroupMembershipChanged"]


def test_a_group_takes_another_name_and_tells_both(group, boss):
    services.edit_group(group.pk, {"name": "Board"}, actor=boss, now=NOW)

    assert told()[-1][1]["changes"] == {"name": ["Executives", "Board"]}


@pytest.mark.parametrize("fields", [{"name": "Board"}, {"external_id": "g-2"}], ids=str)
def test_what_another_group_has_is_refused(group, boss, fields):
    services.create_group("Board", external_id="g-2", actor=boss, now=NOW)

    with pytest.raises(services.Taken):
        services.edit_group(group.pk, fields, actor=boss, now=NOW)

    group.refresh_from_db()
    assert (group.name, group.external_id) == ("Executives", "g-1")


def test_nobody_of_another_tenant_comes_into_a_group(group, boss, outsider):
    with pytest.raises(Refused, match="not here"):
        services.change_members(group.pk, add=[outsider.pk], actor=boss, now=NOW)


def test_nova_itself_comes_into_no_group(group, boss, tenant):
    with pytest.raises(Refused, match="not here"):
        services.change_members(group.pk, add=[system_of(tenant.pk).pk], actor=boss, now=NOW)


def test_members_leave_before_their_group_is_deleted(group, boss):
    person = PersonFactory()
    services.change_members(group.pk, add=[person.pk], actor=boss, now=NOW)

    services.delete_group(group.pk, actor=boss, now=NOW)

    assert [name for name, _payload in told()[-2:]] == ["GroupMembershipChanged", "GroupDeleted"]
    assert told()[-2][1]["removed"] == [person.pk]
    assert not Group.objects.exists()


class TestCore:
    def form(self, *rows, deleted=(), name="Executives"):
        prefix = "memberships"
        kept = {f"{prefix}-{n}-id": row.pk for n, row in enumerate(deleted)}
        gone = {f"{prefix}-{n}-DELETE": "on" for n, _row in enumerate(deleted)}
        new = {
            f"{prefix}-{n}-person": person.pk for n, person in enumerate(rows, start=len(deleted))
        }
        counts = {
            f"{prefix}-TOTAL_FORMS": len(rows) + len(deleted),
            f"{prefix}-INITIAL_FORMS": len(deleted),
        }
        return {"name": name, **counts, **kept, **gone, **new}

    def test_an_admin_makes_a_group_with_people_in_it(self, as_person, boss):
        person = PersonFactory()

        answer = as_person(boss).post(f"{CORE}add/", self.form(person, name="Board"))

        assert answer.status_code == 302
        assert list(Group.objects.get(name="Board").members.all()) == [person]
        assert [name for name, _payload in told()] == ["GroupCreated", "GroupMembershipChanged"]

    def test_an_admin_takes_one_out_and_puts_another_in(self, as_person, boss, group):
        ana, ben = PersonFactory.create_batch(2)
        services.change_members(group.pk, add=[ana.pk], actor=boss, now=NOW)
        row = GroupMembership.objects.get()

        answer = as_person(boss).post(
            f"{CORE}{group.pk}/change/", self.form(ben, deleted=[row], name="Board")
        )

        assert answer.status_code == 302
        assert list(group.members.all()) == [ben]
        assert [name for name, _payload in told()[-2:]] == [
            "GroupEdited",
            "GroupMembershipChanged",
        ]

    def test_a_group_is_deleted_with_its_events(self, as_person, boss, group):
        answer = as_person(boss).post(f"{CORE}{group.pk}/delete/", {"post": "yes"})

        assert answer.status_code == 302
        assert told()[-1][0] == "GroupDeleted"

    def test_its_page_tells_its_history(self, as_person, boss, group):
        page = as_person(boss).get(f"{CORE}{group.pk}/history/")

        assert b"GroupCreated" in page.content

    @pytest.mark.parametrize("role", ["lead", "technician", "manager"])
    def test_who_may_not_manage_groups_does_not_see_them(self, as_person, role, tenant):
        group = GroupFactory()

        answer = as_person(PersonFactory(role=role)).get(f"{CORE}{group.pk}/change/")

        assert answer.status_code in (302, 403)
