"""What files do to people: nothing when previewed, each row once when applied, and back."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nova.accounts import services
from nova.accounts.models import Group, PeopleImport, Role, User
from nova.errors import Refused
from nova.events.bus import publish
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
from vip.events import VipLevelChanged

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
FILE = """email,name,title,department,site,floor,manager,groups,external_id,attribute:isVIP
ada@b.example,Ada,Analyst,Sales,HQ,11,grace@b.example,Board;Flyers,e1,true
grace@b.example,Grace,Admiral,,,,,Board,e2,
olive@b.example,,VP,Sales,,,ada@b.example,Board,,false
"""
# With savepoints. Groups cost by the portion, not by the person.
MOST_PER_PERSON = {"apply": 12, "undo": 15}
# A worker that is killed in its third portion, when it has written people and lines.
DYING = """
import os, signal, sys, django
django.setup()
from nova.accounts.services import IMPORTING, applying, undoing
from tests.factories import NOW
whole, done = applying.update_rows, []
def update_rows(*args, **kwargs):
    whole(*args, **kwargs)
    done.append(1)
    if len(done) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
applying.update_rows = undoing.update_rows = update_rows
while IMPORTING.advance(int(sys.argv[1]), now=NOW, size=7):
    pass
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


def finish(tenant_id, at=NOW, size=100):
    while services.IMPORTING.advance(tenant_id, now=at, size=size):
        pass


def applied(boss, content=FILE, size=100):
    begun = services.apply_import(preview(boss, content).pk, actor=boss, now=NOW)
    finish(boss.tenant_id, size=size)
    return PeopleImport.objects.get(pk=begun.pk)


def undone(boss, made, size=100):
    services.undo_import(made.pk, actor=boss, now=LATER)
    finish(boss.tenant_id, LATER, size)
    return PeopleImport.objects.get(pk=made.pk)


def rows(made):
    return list(made.lines.order_by("pk"))


def kinds(made):
    return [line.kind for line in rows(made)]


def faults(made):
    return [(line.line, *fault) for line in rows(made) for fault in line.faults]


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
    shown = {column: change["shown"] for column, change in rows(made)[2].changes.items()}
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


@pytest.mark.parametrize("size", [1, 2, 3])
def test_in_whatever_portions_it_ends_the_same_and_is_told_once(boss, olive, size):
    made = applied(boss, size=size)

    assert person("ada@b.example").manager == person("grace@b.example")
    assert person("olive@b.example").manager == person("ada@b.example")
    assert Group.objects.get(name="Board").members.count() == 3
    assert (made.status, made.done, made.to_do, made.ended_at) == ("applied", 3, 3, NOW)
    assert [names().count(name) for name in ("PersonAdded", "PeopleImported")] == [2, 1]

    made = undone(boss, made, size)
    assert {line.state for line in rows(made)} == {"undone"}
    assert not [line for line in rows(made) if line.omitted]
    assert (made.status, names().count("PeopleImportUndone")) == ("undone", 1)
    assert not Group.objects.exists()


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
    assert rows(made)[2].omitted == [["title", "It was changed since."]]
    assert rows(made)[0].omitted[0][1].startswith("They did something since")
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
    assert boss.permissions

    with django_assert_num_queries(13):
        preview(boss, file_of(count))


def file_of(count):
    lines = [f"p{n}@b.example,P,{n},G{n % 3}" for n in range(count)]
    return "\n".join(["email,name,title,groups", *lines])


def test_while_one_is_at_work_no_other_begins(boss):
    made = applied(boss, "email,name\na@b.example,A\n")
    first, second = (preview(boss, f"email,name\n{name}@b.example,B\n") for name in "bc")
    services.apply_import(first.pk, actor=boss, now=NOW)

    for verb, batch in (
        (services.apply_import, first),
        (services.apply_import, second),
        (services.undo_import, made),
    ):
        with pytest.raises(Refused, match="Wait until it is done"):
            verb(batch.pk, actor=boss, now=NOW)


def test_what_changes_between_two_portions_is_left_out_and_says_so(boss, olive):
    content = "email,name,title\na@b.example,A,\nolive@b.example,,VP\nb@b.example,B,\n"
    made = services.apply_import(preview(boss, content).pk, actor=boss, now=NOW)
    services.IMPORTING.advance(boss.tenant_id, now=NOW, size=1)
    services.edit_person(olive.pk, {"title": "CEO"}, actor=boss, now=NOW)
    PersonFactory(email="b@b.example", kind="service")
    finish(boss.tenant_id)

    first, second, third = rows(made)
    assert (first.state, second.state, third.state) == ("done", "left_out", "left_out")
    assert second.omitted == [["", "It was changed since the preview."]]
    assert third.omitted == [["email", "This name or address is taken already."]]
    olive.refresh_from_db()
    assert olive.title == "CEO"
    told = EventRecord.objects.order_by("pk").last()
    assert (told.payload["new"], told.payload["changed"], told.payload["left_out"]) == (1, 0, 2)


def test_whose_manager_does_not_come_after_all_comes_without(boss, other_tenant):
    content = "email,name,manager\na@b.example,A,b@b.example\nb@b.example,B,\n"
    made = services.apply_import(preview(boss, content).pk, actor=boss, now=NOW)
    services.IMPORTING.advance(boss.tenant_id, now=NOW, size=1)
    with fence.inside(other_tenant.pk):
        PersonFactory(email="b@b.example")
    finish(boss.tenant_id, size=1)

    assert person("a@b.example").manager is None
    assert rows(made)[0].omitted == [["manager", "There is no such person."]]
    assert made.lines.get(line=3).state == "left_out"


def test_who_was_changed_before_their_manager_came_is_left_when_it_is_undone(boss):
    content = "email,name,manager\na@b.example,A,b@b.example\nb@b.example,B,\n"
    made = services.apply_import(preview(boss, content).pk, actor=boss, now=NOW)
    services.IMPORTING.advance(boss.tenant_id, now=NOW, size=1)
    services.edit_person(person("a@b.example").pk, {"title": "CEO"}, actor=boss, now=NOW)
    finish(boss.tenant_id, size=1)

    undone(boss, made)
    assert [person(f"{name}@b.example").departed_at for name in "ab"] == [None, LATER]


def test_half_an_import_can_be_undone(boss):
    made = services.apply_import(preview(boss, file_of(5)).pk, actor=boss, now=NOW)
    services.IMPORTING.advance(boss.tenant_id, now=NOW, size=2)
    PeopleImport.objects.update(attempts=5)
    assert services.IMPORTING.advance(boss.tenant_id, now=NOW) is None
    made.refresh_from_db()
    assert (made.status, made.may_apply, made.may_undo) == ("apply_stopped", True, True)

    made = undone(boss, made)
    assert (made.status, made.done) == ("undone", 2)
    assert User.objects.exclude(departed_at=None).count() == 2
    assert not Group.objects.exists()


def test_who_came_and_waits_for_a_manager_can_be_undone_as_well(boss):
    content = "email,name,manager\na@b.example,A,b@b.example\nb@b.example,B,\n"
    made = services.apply_import(preview(boss, content).pk, actor=boss, now=NOW)
    services.IMPORTING.advance(boss.tenant_id, now=NOW, size=1)
    PeopleImport.objects.update(attempts=5)
    services.IMPORTING.advance(boss.tenant_id, now=NOW)

    assert undone(boss, made).status == "undone"
    assert person("a@b.example").departed_at == LATER


def test_what_stops_says_why_and_goes_on(boss):
    made = services.apply_import(preview(boss, file_of(5)).pk, actor=boss, now=NOW)
    services.IMPORTING.advance(boss.tenant_id, now=NOW, size=2)
    PeopleImport.objects.update(attempts=5)
    services.IMPORTING.advance(boss.tenant_id, now=NOW)
    made.refresh_from_db()
    assert made.problem == "One portion was begun 5 times and never came to its end."
    assert EventRecord.objects.order_by("pk").last().payload["because"] == made.problem

    services.apply_import(made.pk, actor=boss, now=NOW)
    finish(boss.tenant_id)
    made.refresh_from_db()
    assert (made.status, made.done, made.problem) == ("applied", 5, "")
    assert names().count("PeopleImported") == 1


def test_who_may_import_no_more_stops_what_they_began(boss):
    other = PersonFactory(role="admin", name="Other")
    made = services.apply_import(preview(other, file_of(3)).pk, actor=other, now=NOW)
    services.deactivate_person(other.pk, actor=boss, now=NOW)
    finish(boss.tenant_id)

    made.refresh_from_db()
    assert (made.status, made.problem) == ("apply_stopped", "Other may import this no more.")
    assert not User.objects.filter(email="p0@b.example").exists()


def test_a_key_imports_with_no_more_rights_in_the_background_than_it_has(boss):
    made = applied(boss, "email,name\na@b.example,A\n")
    someone = person("a@b.example")
    grants = [Role.objects.get(key="admin").pk]
    someone.grants.create(role_id=grants[0], tenant_id=boss.tenant_id)
    boss.permissions = frozenset({"accounts.import_people"})

    made = undone(boss, made)
    assert rows(made)[0].omitted == [["", f"{someone} may do more than you."]]


def test_that_nova_made_somebody_a_vip_keeps_nobody_here(boss, settings):
    department = DepartmentFactory(name="Sales")
    made = applied(boss, "email,name,department\na@b.example,A,Sales\n")
    event = {"person_id": person("a@b.example").pk, "tenant_id": boss.tenant_id}
    change = VipLevelChanged(
        **event, before="", after="gold", source="rule", reasons=[], because=department.name
    )
    publish(change, actor=boss, now=NOW)

    assert not rows(undone(boss, made))[0].omitted


@pytest.mark.parametrize("verb", ["apply", "undo"])
def test_a_portion_costs_the_same_for_each_person_and_no_more_for_groups(boss, verb):
    counts = []
    for count in (3, 30):
        lines = [f"q{count}-{n}@b.example,P,G" for n in range(count)]
        content = "\n".join(["email,name,groups", *lines])
        made = services.apply_import(preview(boss, content).pk, actor=boss, now=NOW)
        if verb == "undo":
            finish(boss.tenant_id)
            services.undo_import(made.pk, actor=boss, now=NOW)
        with CaptureQueriesContext(connection) as queries:
            finish(boss.tenant_id)
        counts.append(len(queries))

    assert (counts[1] - counts[0]) / 27 <= MOST_PER_PERSON[verb]


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
        return "begun"

    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda pk: closing(apply, pk), waiting))
    finish(tenant.pk)

    assert sorted(answers) == ["begun", "refused", "refused"]
    with fence.inside(tenant.pk):
        assert PeopleImport.objects.exclude(applied_at=None).count() == 1
        assert User.objects.filter(email__in=["a@b.example", "b@b.example"]).count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", ["apply", "undo"])
def test_one_that_is_killed_midway_goes_on_without_doubles(verb):
    tenant = TenantFactory()
    with fence.inside(tenant.pk):
        boss = PersonFactory(role="admin")
        made = services.apply_import(preview(boss, file_of(20)).pk, actor=boss, now=NOW)
    if verb == "undo":
        finish(tenant.pk)
        with fence.inside(tenant.pk):
            services.undo_import(made.pk, actor=boss, now=LATER)
    url = urlsplit(os.environ["DATABASE_URL"])
    url = urlunsplit(url._replace(path=f"/{connection.settings_dict['NAME']}"))
    killed = subprocess.run(  # noqa: S603
        [sys.executable, "-c", DYING, str(tenant.pk)],
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "nova.settings"},
        cwd=django_settings.BASE_DIR,
        check=False,
    )
    with fence.inside(tenant.pk):
        made.refresh_from_db()
        left = made.done, made.attempts
        state = "done" if verb == "apply" else "undone"
        assert made.lines.filter(state=state).count() == made.done
        assert services.IMPORTING.has_stalled(now=LATER + timedelta(minutes=1))
    finish(tenant.pk, LATER)

    assert killed.returncode == -signal.SIGKILL
    assert left == (14, 1)
    with fence.inside(tenant.pk):
        said = names()
        assert said.count("PersonAdded") == 20
        assert said.count("PeopleImported") == 1
        assert said.count("PersonDeparted") == (20 if verb == "undo" else 0)
        assert said.count("PeopleImportUndone") == (1 if verb == "undo" else 0)


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_do_everybody_once(at_once):
    tenant = TenantFactory()
    with fence.inside(tenant.pk):
        boss = PersonFactory(role="admin")
        made = services.apply_import(preview(boss, file_of(40)).pk, actor=boss, now=NOW)
    at_once(lambda _: finish(tenant.pk, size=5), range(4))
    finish(tenant.pk)

    with fence.inside(tenant.pk):
        made.refresh_from_db()
        assert (made.status, made.done) == ("applied", 40)
        assert names().count("PeopleImported") == 1
