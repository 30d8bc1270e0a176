"""What the API lets each caller read and do, where a verb or an answer could lend a right."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories import NOW, PersonFactory, RoleFactory, TeamFactory
from tests.tickets.making import opened_for
from tickets import services
from tickets.models import Attachment, Category, StageVisit, Ticket

URL = "/api/support/tickets"
ONE = f"{URL}/T-1001"
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _later():
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        yield


@pytest.fixture
def ticket(requester):
    return opened_for(requester, tags=("board",))


@pytest.fixture
def desk(technician, api_as):
    return api_as(technician)


@pytest.fixture
def portal(requester, ticket, api_as):
    return api_as(requester)


def holder(*permissions):
    person = PersonFactory()
    role = RoleFactory(name=permissions[-1], permissions=list(permissions))
    person.grants.create(role=role, tenant_id=person.tenant_id)
    return person


def test_why_a_ticket_waits_is_said_among_the_desk(desk, portal):
    desk.post(f"{ONE}/transitions", {"to": "awaiting_dependency", "reason": "The board first"})

    assert "The board first" in desk.get(f"{ONE}/activities").content.decode()
    assert "awaiting_dependency" in portal.get(f"{ONE}/activities").content.decode()
    assert "The board first" not in portal.get(f"{ONE}/activities").content.decode()


def test_how_the_desk_sorts_its_tickets_is_its_own(desk, portal, ticket, technician):
    team = TeamFactory()
    services.assign_ticket(ticket.pk, {"team": team}, actor=technician, now=NOW)

    assert desk.get(ONE).json()["tags"] == ["board"]
    assert "tags" not in portal.get(ONE).json()
    for query in ({"team": team.pk + 1}, {"tag": "nothing"}):
        assert desk.get(URL, query).json()["results"] == []
        assert len(portal.get(URL, query).json()["results"]) == 1


@pytest.mark.parametrize(
    ("change", "permission"),
    [
        ({"impact": "high"}, "tickets.edit_ticket"),
        ({"to": "acknowledged"}, "tickets.move_ticket"),
        ({"team": None}, "tickets.assign_ticket"),
    ],
)
def test_many_tickets_ask_for_the_rights_that_one_does(ticket, api_as, change, permission):
    body = {"references": ["T-1001"], **change}
    rights = ["tickets.view_ticket", "tickets.bulk_edit_tickets"]

    assert api_as(holder(*rights)).post(f"{URL}/bulk-update", body).status_code == 403
    assert api_as(holder(*rights, permission)).post(f"{URL}/bulk-update", body).status_code == 200


@pytest.mark.parametrize("body", [{}, {"reason": "Because"}])
def test_a_bulk_edit_says_what_it_changes(desk, ticket, body):
    answer = desk.post(f"{URL}/bulk-update", {"references": ["T-1001"], **body})

    assert (answer.status_code, answer.json()["detail"]) == (400, "Say what shall change.")


def test_another_category_of_many_tickets_takes_the_subcategory_away(desk, tenant, ticket):
    first, second = (Category.objects.create(tenant=tenant, name=name) for name in ("Net", "Desk"))
    child = Category.objects.create(tenant=tenant, name="Wifi", parent=first)
    Ticket.objects.filter(pk=ticket.pk).update(category=first, subcategory=child)
    desk.post(f"{URL}/bulk-update", {"references": ["T-1001"], "category": second.pk})
    ticket.refresh_from_db()

    assert (ticket.category, ticket.subcategory) == (second, None)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("T-1001/assign", {"engineer": "{mail}"}),
        ("T-1001/assign", {"backup": "{mail}"}),
        ("bulk-update", {"references": ["T-1001"], "assignee": "{mail}"}),
    ],
)
def test_work_goes_only_to_who_works_on_tickets(desk, technician, requester, ticket, path, body):
    def naming(person):
        return {k: person.email if v == "{mail}" else v for k, v in body.items()}

    refused = desk.post(f"{URL}/{path}", naming(requester))

    assert refused.status_code == 400
    assert "This person does not work on tickets." in refused.content.decode()
    assert desk.post(f"{URL}/{path}", naming(technician)).status_code == 200


@pytest.mark.parametrize(("stated", "kept"), [("TRUE", True), ("1", True), ("false", False)])
def test_a_file_is_internal_however_that_is_said(desk, ticket, stated, kept):
    file = SimpleUploadedFile("a.txt", b"a")
    form = {"file": file, "is_internal": stated}

    assert desk.post(f"{ONE}/attachments", form, format="multipart").status_code == 201
    assert Attachment.objects.get().is_internal is kept


@pytest.mark.parametrize(
    ("form", "where"),
    [
        ({"is_internal": "perhaps"}, "is_internal"),
        ({"secret": "yes"}, "secret"),
        ({"file": [SimpleUploadedFile("a.txt", b"a"), SimpleUploadedFile("b.txt", b"b")]}, "file"),
    ],
)
def test_a_form_that_would_be_half_heard_is_refused(desk, ticket, form, where):
    sent = {"file": SimpleUploadedFile("c.txt", b"c"), **form}
    answer = desk.post(f"{ONE}/attachments", sent, format="multipart")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [where])
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("name", "media_type", "kept"),
    [
        ("a" * 230 + ".txt", "text/plain", ("a" * 196 + ".txt", "text/plain")),
        ("a.txt", "x" * 300, ("a.txt", "application/octet-stream")),
    ],
)
def test_what_a_sender_claims_of_a_file_is_bounded(desk, ticket, name, media_type, kept):
    file = SimpleUploadedFile(name, b"a", content_type=media_type)

    assert desk.post(f"{ONE}/attachments", {"file": file}, format="multipart").status_code == 201
    assert Attachment.objects.values_list("name", "media_type").get() == kept


@pytest.mark.parametrize(
    ("day", "status"),
    [
        ("0001-01-01", 409),
        ("9999-12-31", 409),
        (str(TODAY + timedelta(days=2)), 409),
        (str(TODAY + timedelta(days=1)), 201),  # it may be tomorrow where they are
        (str(TODAY - timedelta(days=300)), 201),
    ],
)
def test_work_is_recorded_on_a_day_that_was(desk, ticket, day, status):
    answer = desk.post(f"{ONE}/time-tracking", {"minutes": 5, "worked_on": day})

    assert answer.status_code == status, answer.content


def test_who_waited_for_anothers_move_is_dated_after_it(ticket, technician):
    quicker, slower = NOW + timedelta(seconds=9), NOW + timedelta(seconds=5)
    services.move_ticket(ticket.pk, "in_progress", actor=technician, now=quicker)
    services.move_ticket(ticket.pk, "diagnosing", actor=technician, now=slower)
    stays = StageVisit.objects.filter(ticket=ticket).order_by("pk")

    assert list(stays.values_list("status", "entered_at", "left_at")) == [
        ("new", NOW, quicker),
        ("in_progress", quicker, quicker),
        ("diagnosing", quicker, None),
    ]
