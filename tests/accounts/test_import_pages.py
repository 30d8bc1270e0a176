"""Imports of people in Nova Core: who may, what they see, and what it leads to."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nova.accounts import services
from nova.accounts.models import PeopleImport, User
from nova.tenancy import fence
from tests.accounts.test_importing import finish
from tests.downloads import text_of
from tests.factories import NOW, PersonFactory, RoleFactory

pytestmark = pytest.mark.django_db
FILE = "email,name,title,groups\nada@b.example,Ada,Analyst,Board\n=1+1@b.example,Eve,,\nno,,,\n"


@pytest.fixture
def boss(tenant):
    return PersonFactory(role="admin", name="Boss")


@pytest.fixture
def core(boss, as_person):
    return as_person(boss)


def page(name, *args):
    return reverse(f"admin:accounts_peopleimport_{name}", args=args)


def upload(core, content=FILE):
    file = SimpleUploadedFile("people.csv", content.encode(), "text/csv")
    return core.post(page("add"), {"file": file})


def person_with(*permissions):
    person = PersonFactory(role="")
    role = RoleFactory(permissions=["accounts.enter_core", *permissions])
    person.grants.create(role=role, tenant_id=role.tenant_id)
    return person


def test_a_file_is_uploaded_looked_at_applied_and_undone(core):
    answer = upload(core)
    made = PeopleImport.objects.get()
    assert answer.url == page("change", made.pk)
    assert not User.objects.filter(email="ada@b.example").exists()

    shown = core.get(answer.url).content.decode()
    assert "2 new, 0 changed, 0 the same, 1 with errors." in shown
    assert "This is no e-mail address." in shown
    assert f"Apply Import {made.pk}" in core.get(page("verb", made.pk, "apply")).content.decode()

    core.post(page("verb", made.pk, "apply"))
    assert b"hx-get" in core.get(page("now", made.pk)).content
    finish(made.tenant_id)
    assert core.get(page("now", made.pk))["HX-Refresh"] == "true"
    assert User.objects.get(email="ada@b.example").title == "Analyst"
    assert "Undo…" in core.get(answer.url).content.decode()

    core.post(page("verb", made.pk, "undo"))
    finish(made.tenant_id)
    assert User.objects.get(email="ada@b.example").departed_at
    assert "Undone" in core.get(answer.url).content.decode()
    assert b"PeopleImported" in core.get(page("history", made.pk)).content


def test_an_unreadable_file_is_refused_beside_its_field(core):
    answer = upload(core, "email,shoe\n")

    assert "Line 1: there is no column “shoe”." in answer.content.decode()
    assert not PeopleImport.objects.exists()


def test_a_refusal_is_told_on_the_page(core):
    upload(core, "email,name\nno,\n")
    made = PeopleImport.objects.get()

    answer = core.post(page("verb", made.pk, "apply"), follow=True)

    assert "There is nothing to apply." in answer.content.decode()


def test_errors_come_as_a_file_that_no_spreadsheet_calculates(core):
    upload(core, "email,name\n=cmd@b.example,\n")

    lines = text_of(core.get(page("errors", PeopleImport.objects.get().pk))).splitlines()

    assert lines == [
        "line,email,column,error",
        "2,'=cmd@b.example,name,Somebody new needs a name.",
    ]


def test_the_sample_is_a_file_that_is_read(core, boss):
    sample = text_of(core.get(page("sample"))).encode()

    made = services.preview_import("sample.csv", sample, actor=boss, now=NOW)

    assert made.counts == {"new": 2, "changed": 0, "same": 0, "error": 0}


@pytest.mark.parametrize("name", ["add", "changelist", "sample"])
def test_it_needs_the_permission(tenant, as_person, name):
    manager = person_with("accounts.manage_people", "accounts.manage_groups")

    assert as_person(manager).get(page(name)).status_code == 403
    assert as_person(person_with("accounts.import_people")).get(page(name)).status_code == 200


def test_only_admins_have_the_permission_from_the_start(tenant):
    allowed = [PersonFactory(role=role) for role in ("lead", "manager", "integration")]

    assert not any(person.has_perm("accounts.import_people") for person in allowed)


def test_attributes_are_kept_from_who_must_not_learn_of_vips(core, as_person):
    upload(core, "email,name,attribute:isVIP\na@b.example,A,true\n")
    made, other = PeopleImport.objects.get(), as_person(person_with("accounts.import_people"))

    for address in (page("change", made.pk), page("errors", made.pk)):
        assert other.get(address).status_code == 404
    assert f"Import {made.pk}" not in other.get(page("changelist")).content.decode()


def test_another_tenant_sees_nothing_of_it(core, outsider, as_person):
    upload(core)
    made = PeopleImport.objects.get()

    assert as_person(outsider).get(page("change", made.pk)).status_code == 404
    with fence.inside(outsider.tenant_id):
        assert not PeopleImport.objects.exists()


def queries_of(core, count):
    rows = "".join(f"p{n}@b.example,P{n},T\n" for n in range(count))
    made = upload(core, f"email,name,title\n{rows}").url
    with CaptureQueriesContext(connection) as captured:
        answer = core.get(made)
    assert answer.content.count(b"@b.example</td>") == count
    return len(captured)


def test_a_page_asks_as_often_for_few_rows_and_many(core):
    assert queries_of(core, 3) == queries_of(core, 30)


def test_rows_are_paged(core):
    made = upload(core, "email,name\n" + "".join(f"p{n}@b.example,P\n" for n in range(51))).url

    assert core.get(f"{made}?p=2").content.count(b"@b.example</td>") == 1
    assert core.get(f"{made}?kind=error").content.count(b"@b.example</td>") == 0
