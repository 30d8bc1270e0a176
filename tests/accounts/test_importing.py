"""What files do to people: nothing when previewed, all or nothing when applied, and back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from nova.accounts import services
from nova.accounts.models import Group, PeopleImport, User
from nova.errors import Refused
from nova.events.models import EventRecord
from nova.tenancy import fence
from tests.factories import (
    NOW,
    DepartmentFactory,
    FloorFactory,
    PersonFactory,
    RoleFactory,
    SiteFactory,
    TenantFactory,
)
from tests.locks import closing

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
FILE = """email,name,title,department,site,floor,manager,groups,external_id,attribute:isVIP
ada@b.example,Ada,Analyst,Sales,HQ,11,grace@b.example,Board;Flyers,e1,true
grace@b.example,Grace,Admiral,,,,,Board,e2,
olive@b.example,,VP,Sales,,,ada@b.example,Board,,false
"""


@pytest.fixture
def boss(tenant):
    return PersonFactory(role="admin", email="boss@b.example")


@pytest.fixture
def olive(boss):
    """Return somebody who is here already, with a place and a department for the others."""
    DepartmentFactory(name="Sales")
    FloorFactory(site=SiteFactory(name="HQ"), name="11")
    return PersonFactory(email="olive@b.example", name="Olive", title="Clerk")


def preview(boss, content=FILE):
    return services.preview_import("people.csv", content.encode(), actor=boss, now=NOW)


def applied(boss, content=FILE):
    return services.apply_import(preview(boss, content).pk, actor=boss, now=NOW)


def undone(boss, made):
    return services.undo_import(made.pk, actor=boss, now=LATER)


def kinds(made):
    return [row["kind"] for row in made.rows]


def faults(made):
    return [(row["line"], *fault) for row in made.rows for fault in row["faults"]]


def names():
    return [name.removeprefix("accounts.") for name in _names()]


def _names():
    return EventRecord.objects.order_by("pk").values_list("name", flat=True)


def person(email):
    return User.objects.get(email=email)


def everything():
    """Return all that an import may touch."""
    return (
        list(User.objects.order_by("pk").values()),
        list(Group.objects.order_by("pk").values("name", "members__email")),
        EventRecord.objects.count(),
    )


def test_a_preview_changes_nothing_and_tells_each_row(boss, olive):
    before = everything()

    made = preview(boss)

    assert everything() == before
    assert kinds(made) == ["new", "new", "changed"]
    assert made.counts == {"new": 2, "changed": 1, "same": 0, "error": 0}
    shown = {column: change["shown"] for column, change in made.rows[2]["changes"].items()}
    assert shown == {
        "title": ["Clerk", "VP"],
        "department": ["", "Sales"],
        "manager": ["", "ada@b.example"],
        "attribute:isVIP": ["", "false"],
        "groups": ["", "Board"],
    }


def test_applied_people_come_and_change_with_managers_and_groups(boss, olive):
    made = applied(boss)

    ada = person("ada@b.example")
    assert (ada.title, ada.site.name, ada.floor.name, ada.external_id) == (
        *("Analyst", "HQ", "11", "e1"),
    )
    assert ada.manager == person("grace@b.example")
    assert ada.attributes == {"isVIP": True}
    assert [role.key for role in ada.roles.all()] == ["requester"]
    olive.refresh_from_db()
    assert (olive.name, olive.title, olive.manager) == ("Olive", "VP", ada)
    assert {member.name for member in Group.objects.get(name="Board").members.all()} == {
        *("Ada", "Grace", "Olive"),
    }
    assert names()[-1] == "PeopleImported"
    assert made.applied_at == NOW


def test_the_same_file_a_second_time_says_same_and_writes_nothing(boss, olive):
    applied(boss)
    before = everything()

    again = preview(boss)

    assert kinds(again) == ["same", "same", "same"]
    with pytest.raises(Refused, match="nothing to apply"):
        services.apply_import(again.pk, actor=boss, now=LATER)
    assert everything() == before


def test_undo_puts_everything_back(boss, olive):
    made = applied(boss)

    undone(boss, made)

    olive.refresh_from_db()
    assert (olive.title, olive.department, olive.manager, olive.attributes) == (
        *("Clerk", None, None, {}),
    )
    assert person("ada@b.example").departed_at == LATER
    assert not Group.objects.exists()
    told = EventRecord.objects.order_by("pk").last()
    assert told.payload == {
        **{"import_id": made.pk, "file_name": "people.csv"},
        **{"departed": 2, "put_back": 1, "left": 0},
    }
    with pytest.raises(Refused, match="nothing to undo"):
        undone(boss, made)


def test_undo_leaves_what_somebody_has_changed_since(boss, olive):
    made = applied(boss)
    services.edit_person(olive.pk, {"title": "CEO"}, actor=boss, now=LATER)
    ada = person("ada@b.example")
    services.edit_profile(name="Ada L.", phone="", zone="UTC", actor=ada, now=LATER)

    made = undone(boss, made)

    olive.refresh_from_db()
    assert (olive.title, olive.department) == ("CEO", None)
    assert made.rows[2]["left"] == [["title", "It was changed since."]]
    assert made.rows[0]["left"][0][1].startswith("They did something since")
    assert person("ada@b.example").is_active
    assert person("grace@b.example").departed_at == LATER


def test_who_was_in_a_group_before_stays_in_it(boss, olive):
    board = services.create_group("Board", actor=boss, now=NOW)
    services.change_members(board.pk, add=[olive.pk], actor=boss, now=NOW)

    undone(boss, applied(boss))

    assert list(board.members.all()) == [olive]


def test_somebody_is_let_out_and_in_again(boss, olive):
    made = applied(boss, "email,is_active\nolive@b.example,no\n")
    assert not person(olive.email).is_active
    assert "PersonDeactivated" in names()

    undone(boss, made)
    assert person(olive.email).is_active


def test_who_had_departed_comes_back_and_departs_again(boss, olive):
    services.depart_person(olive.pk, actor=boss, now=NOW)
    made = applied(boss, "email,name\nolive@b.example,Olive\n")

    assert kinds(made) == ["new"]
    assert person(olive.email).is_active
    undone(boss, made)
    assert not person(olive.email).is_active


def test_an_external_id_names_a_person_whose_email_is_new(boss, olive):
    services.reprovision_person(olive.pk, {"external_id": "e9"}, actor=boss, now=NOW)
    made = applied(boss, "email,external_id\nolivia@b.example,e9\n")

    olive.refresh_from_db()
    assert olive.email == "olivia@b.example"
    undone(boss, made)
    olive.refresh_from_db()
    assert olive.email == "olive@b.example"


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("email,department\nolive@b.example,Nowhere", (2, "department", "There is no such")),
        ("email,site\nolive@b.example,Nowhere", (2, "site", "There is no such site")),
        ("email,floor\nolive@b.example,11", (2, "floor", "The site has no such floor")),
        ("email,manager\nolive@b.example,who@b.example", (2, "manager", "There is no such")),
        ("email,manager\nolive@b.example,olive@b.example", (2, "manager", "Nobody is their own")),
        ("email\nnew@b.example", (2, "name", "Somebody new needs a name")),
        ("email,is_active\nboss@b.example,no", (2, "is_active", "Nobody deactivates")),
    ],
    ids=["department", "site", "floor", "manager", "own manager", "name", "oneself"],
)
def test_what_is_not_here_is_an_error_of_its_row(boss, olive, content, fault):
    (found,) = faults(preview(boss, content))

    assert found[:2] == fault[:2]
    assert found[2].startswith(fault[2])


def test_whose_manager_is_refused_is_refused_too_and_the_others_come(boss, olive):
    made = applied(
        boss,
        "email,name,manager,site\na@b.example,A,b@b.example,\nb@b.example,B,c@b.example,\n"
        "c@b.example,C,,Nowhere\nd@b.example,D,,\n",
    )

    assert kinds(made) == ["error", "error", "error", "new"]
    assert person("d@b.example").name == "D"


def test_an_email_of_another_tenant_is_refused_as_one_of_an_account_here(boss, outsider):
    PersonFactory(kind="service", email="robot@b.example")
    made = preview(boss, f"email,name\n{outsider.email},X\nrobot@b.example,X\n")

    first, second = faults(made)
    assert first[1:] == second[1:] == ("email", "This name or address is taken already.")
    assert not User.objects.filter(name="X").exists()


def test_the_email_of_somebody_stronger_is_not_changed(boss):
    importer = PersonFactory(role="")
    role = RoleFactory(permissions=["accounts.import_people"])
    importer.grants.create(role=role, tenant_id=role.tenant_id)
    services.reprovision_person(boss.pk, {"external_id": "e1"}, actor=boss, now=NOW)
    content = "email,external_id,is_active\nme@b.example,e1,no\n"

    assert [fault[1] for fault in faults(preview(importer, content))] == ["email", "is_active"]


@pytest.mark.parametrize(
    ("column", "told"), [("attribute:isVIP", "VIP"), ("groups", "manage groups")]
)
def test_columns_that_ask_for_more_than_one_may_are_refused(tenant, column, told):
    importer = PersonFactory(role="technician")

    with pytest.raises(Refused, match=told):
        preview(importer, f"email,name,{column}\na@b.example,A,true\n")


def test_what_has_changed_since_the_preview_is_not_applied(boss, olive):
    made = preview(boss)
    services.edit_person(olive.pk, {"title": "CEO"}, actor=boss, now=NOW)

    with pytest.raises(Refused, match="Preview the file again"):
        services.apply_import(made.pk, actor=boss, now=NOW)

    assert not User.objects.filter(email="ada@b.example").exists()


@pytest.mark.parametrize("count", [3, 30])
def test_a_preview_asks_as_often_for_few_and_many(boss, count, django_assert_num_queries):
    rows = [f"p{n}@b.example,P,{n},G{n}" for n in range(count)]
    content = "\n".join(["email,name,title,groups", *rows])
    assert boss.permissions

    with django_assert_num_queries(12):
        preview(boss, content)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_apply_one_is_refused():
    tenant = TenantFactory()
    with fence.inside(tenant.pk):
        boss = PersonFactory(role="admin")
        content = "email,name\na@b.example,A\nb@b.example,B\n"
        backwards = "email,name\nb@b.example,B\na@b.example,A\n"
        same = preview(boss, content).pk
        waiting = [same, same, preview(boss, backwards).pk]

    def apply(import_id):
        try:
            with fence.inside(tenant.pk):
                services.apply_import(import_id, actor=boss, now=NOW)
        except Refused:
            return "refused"
        return "applied"

    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda pk: closing(apply, pk), waiting))

    assert sorted(answers) == ["applied", "refused", "refused"]
    with fence.inside(tenant.pk):
        assert PeopleImport.objects.exclude(applied_at=None).count() == 1
        assert User.objects.filter(email__in=["a@b.example", "b@b.example"]).count() == 2
