"""Imports of people by API: a dry run with its errors, then applied and undone, once each."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nova.accounts.models import PeopleImport, User
from tests.accounts.test_importing import finish
from tests.factories import PersonFactory, RoleFactory

pytestmark = pytest.mark.django_db
PATH = "/api/support/people-imports"
FILE = "email,name,title\nada@b.example,Ada,Analyst\nno,,\nnew@b.example,,\n"


@pytest.fixture
def boss(tenant):
    return PersonFactory(role="admin", name="Boss")


@pytest.fixture
def program(boss, api_as):
    return api_as(boss)


def send(program, content=FILE, **headers):
    file = SimpleUploadedFile("people.csv", content.encode(), "text/csv")
    return program.post(PATH, {"file": file}, format="multipart", headers=headers)


def test_a_dry_run_says_what_would_be_done_and_what_is_wrong(program):
    answer = send(program)
    said = answer.json()

    assert answer.status_code == 201
    assert (said["status"], said["file_name"], said["author"]) == (
        *("previewed", "people.csv", "Boss"),
    )
    assert said["counts"] == {"new": 1, "changed": 0, "same": 0, "error": 2}
    assert said["errors"] == [
        {"line": 3, "email": "", "column": "email", "error": "This is no e-mail address."},
        {
            **{"line": 4, "email": "new@b.example", "column": "name"},
            "error": "Somebody new needs a name.",
        },
    ]
    assert not User.objects.filter(email="ada@b.example").exists()
    assert program.get(f"{PATH}/{said['id']}").json() == said


def test_it_is_applied_and_undone_in_the_background(program, boss):
    one = f"{PATH}/{send(program).json()['id']}"

    begun = program.post(f"{one}/apply")
    assert (begun.status_code, begun.json()["status"]) == (202, "applying")
    finish(boss.tenant_id)
    said = program.get(one).json()
    assert (said["status"], said["done"], said["to_do"]) == ("applied", 1, 1)
    [line] = program.get(f"{one}/lines?kind=new").json()["results"]
    assert (line["email"], line["state"], line["changes"]["title"]) == (
        *("ada@b.example", "done", ["", "Analyst"]),
    )

    assert program.post(f"{one}/undo").json()["status"] == "undoing"
    finish(boss.tenant_id)
    assert program.get(one).json()["status"] == "undone"
    assert User.objects.get(email="ada@b.example").departed_at
    assert [made["status"] for made in program.get(PATH).json()["results"]] == ["undone"]


def test_what_a_rule_refuses_is_409_and_what_is_no_such_file_400(program, boss):
    one = f"{PATH}/{send(program).json()['id']}"
    assert program.post(f"{one}/undo").status_code == 409
    program.post(f"{one}/apply")
    for verb in ("apply", "undo"):
        answer = program.post(f"{one}/{verb}")
        assert (answer.status_code, answer.json()["detail"]) == (
            *(409, "An import is being applied or undone. Wait until it is done."),
        )
    for content in ("email,shoe\n", "name\n", 'email,name\n"a'):
        answer = send(program, content)
        assert answer.status_code == 400
        assert answer.json()["errors"]["file"][0].startswith("Line ")
    assert program.post(PATH, {}, format="multipart").status_code == 400
    assert program.get(f"{one}/lines?kind=odd").status_code == 400


def test_the_same_file_sent_twice_under_one_key_is_previewed_once(program):
    first, again = (send(program, idempotency_key="one") for _ in range(2))
    other = send(program, "email,name\na@b.example,A\n", idempotency_key="one")

    assert first.content == again.content
    assert again["Idempotency-Replayed"] == "true"
    assert other.status_code == 422
    assert PeopleImport.objects.count() == 1


def test_applied_twice_under_one_key_it_begins_once(program):
    one = f"{PATH}/{send(program).json()['id']}"
    answers = [program.post(f"{one}/apply", headers={"Idempotency-Key": "go"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].content == answers[1].content


def test_it_needs_the_permission(tenant, api_as):
    assert api_as(PersonFactory(role="lead")).get(PATH).status_code == 403
    assert send(api_as(PersonFactory(role="manager"))).status_code == 403


def test_imports_that_tell_attributes_are_not_there_for_who_may_not_see_vips(
    program, tenant, api_as
):
    made = send(program, "email,name,attribute:isVIP\na@b.example,A,true\n").json()["id"]
    person = PersonFactory(role="")
    role = RoleFactory(permissions=["accounts.import_people"])
    person.grants.create(role=role, tenant_id=tenant.pk)
    other = api_as(person)

    answers = [
        *(other.get(f"{PATH}/{pk}{part}") for pk in (made, 999) for part in ("", "/lines")),
        *(other.post(f"{PATH}/{pk}/{verb}") for pk in (made, 999) for verb in ("apply", "undo")),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert other.get(PATH).json()["results"] == []


def test_another_tenant_sees_nothing_of_it(program, outsider, api_as):
    made = send(program).json()["id"]

    assert api_as(outsider).get(f"{PATH}/{made}").status_code == 404


@pytest.mark.parametrize("part", ["", "/lines"])
def test_it_costs_the_same_for_few_lines_and_many(program, part):
    counts = []
    for count in (3, 30):
        rows = "".join(f"p{n}@b.example,,\n" for n in range(count))
        made = send(program, f"email,name,title\n{rows}").json()["id"]
        with CaptureQueriesContext(connection) as queries:
            answer = program.get(f"{PATH}/{made}{part}")
        assert len(answer.json()["errors" if not part else "results"]) == count
        counts.append(len(queries))

    assert counts[0] == counts[1]
