from datetime import timedelta

import pytest
import time_machine

from nova.accounts.choices import VipLevel
from nova.events.models import EventRecord
from nova.tenancy import fence
from tests.downloads import text_of
from tests.factories import NOW, DepartmentFactory, PersonFactory
from tests.tickets.making import opened_for
from tickets.models import Comment, Ticket
from vip.services import designate_vip

URL = "/api/support/tickets"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_at_noon")]


@pytest.fixture
def _at_noon():
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        yield


@pytest.fixture
def desk(technician, api_as):
    return api_as(technician)


@pytest.fixture
def portal(requester, api_as):
    return api_as(requester)


def test_a_ticket_needs_only_a_title(portal, requester):
    answer = portal.post(URL, {"title": "Printer jams"})
    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert body["reference"] == "T-1001"
    assert body["status"] == "new"
    assert body["priority"] == 3
    assert body["requester"]["id"] == requester.pk
    assert answer["Location"] == "/api/support/tickets/T-1001"


def test_a_requester_sees_neither_clocks_nor_queue_nor_vip(portal):
    body = portal.post(URL, {"title": "Printer jams"}).json()
    assert not body.keys() & {"sla", "queue", "vip", "team", "backup", "awaiting_reason"}


def test_the_desk_sees_clocks_but_a_technician_no_vip(desk, requester):
    opened_for(requester)
    body = desk.get(f"{URL}/T-1001").json()
    assert body["sla"]["response"]["state"] == "running"
    assert body["sla"]["response"]["remaining_seconds"] == 0
    assert body["sla"]["resolution"]["due_at"] == "2026-03-04T10:00:00+00:00"
    assert not body.keys() & {"queue", "vip"}


def test_a_lead_sees_why_a_vip_is_first(lead, requester, api_as):
    designate_vip({"person_id": requester.pk}, VipLevel.EXEC, reason="CFO", actor=lead, now=NOW)
    opened_for(PersonFactory())
    opened_for(requester)
    first, second = api_as(lead).get(URL).json()["results"]
    assert [first["reference"], second["reference"]] == ["T-1002", "T-1001"]
    assert first["vip"] == {
        "is_vip": True,
        "level": "exec",
        "trigger_source": "manual",
        "priority_score": 300,
        "reasons": ["Exec: CFO"],
    }
    assert first["queue"]["parts"]["vip"] == {"points": 300, "reason": "Exec: CFO"}


@pytest.mark.parametrize("count", [3, 30])
def test_a_list_costs_the_same_for_few_and_many(
    count, lead, requester, api_as, django_assert_num_queries
):
    for _ in range(count):
        opened_for(requester)
    client = api_as(lead)
    with django_assert_num_queries(8):  # savepoint, person, page, four of shapes, release
        answer = client.get(URL)
    assert len(answer.json()["results"]) == count


def test_a_requesters_list_is_by_date_whoever_is_vip(portal, requester, lead, api_as):
    opened_for(requester, at=NOW)
    opened_for(requester, at=NOW + timedelta(minutes=1))
    results = portal.get(URL).json()["results"]
    assert [row["reference"] for row in results] == ["T-1002", "T-1001"]
    assert portal.get(URL, {"order": "queue"}).status_code == 400


@pytest.mark.parametrize("name", ["vip", "sla"])
def test_a_requester_cannot_filter_by_what_they_must_not_see(portal, requester, name):
    opened_for(requester)
    plain = portal.get(URL).json()
    assert portal.get(URL, {name: "true"}).json()["results"] == plain["results"]


@pytest.mark.parametrize("value", ["1.5", "1.0", "1e0", "-1", "x", "\u0661", "9" * 5000])
@pytest.mark.parametrize("name", ["team", "service", "requester", "assignee"])
def test_a_filter_by_id_takes_whole_numbers_only_and_says_so(api_as, lead, name, value):
    answer = api_as(lead).get(URL, {name: value})
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert "whole number" in answer.json()["errors"][name][0]


def test_a_filter_by_id_keeps_what_is_meant(api_as, lead, requester):
    opened_for(requester)
    desk = api_as(lead)
    for wanted in ({"requester": requester.pk}, {"assignee": "none"}, {"team": ""}):
        assert len(desk.get(URL, wanted).json()["results"]) == 1
    for wanted in ({"requester": lead.pk}, {"assignee": "me"}, {"assignee": lead.pk}):
        assert desk.get(URL, wanted).json()["results"] == []


def test_nobody_reads_anothers_ticket(requester, tenant, api_as):
    opened_for(requester)
    stranger = api_as(PersonFactory())
    assert stranger.get(f"{URL}/T-1001").status_code == 404
    assert stranger.get(URL).json()["results"] == []


def test_another_tenant_sees_nothing(requester, outsider, api_as):
    opened_for(requester)
    assert api_as(outsider).get(f"{URL}/T-1001").status_code == 404


def test_tags_are_set_with_other_fields_in_one_edit(desk, requester):
    ticket = opened_for(requester, tags=("wall",))
    url = f"{URL}/{ticket.reference}"
    answer = desk.patch(url, {"tags": ["studio", "hdmi"], "title": "Wall is dark"})

    assert (answer.status_code, answer.json()["tags"]) == (200, ["hdmi", "studio"])
    (edit,) = EventRecord.objects.filter(name="tickets.TicketEdited")
    assert edit.payload["changes"]["tags"] == [["wall"], ["hdmi", "studio"]]
    assert desk.patch(url, {"tags": ["hdmi", "studio"]}).json()["tags"] == ["hdmi", "studio"]
    assert EventRecord.objects.filter(name="tickets.TicketEdited").count() == 1
    assert [row["reference"] for row in desk.get(URL, {"tag": "hdmi"}).json()["results"]]
    assert desk.get(URL, {"tag": "wall"}).json()["results"] == []
    assert desk.patch(url, {"tags": ["x" * 51]}).status_code == 400


def test_stages_follow_the_table(desk, requester):
    opened_for(requester)
    moved = desk.post(f"{URL}/T-1001/transitions", {"to": "acknowledged"})
    assert moved.status_code == 200, moved.content
    assert [stage["status"] for stage in moved.json()["stages"]] == ["new", "acknowledged"]
    back = desk.post(f"{URL}/T-1001/transitions", {"to": "new"})
    assert back.status_code == 409
    assert back.json()["detail"] == "T-1001 is Acknowledged and cannot become New."


def test_awaiting_needs_a_reason(desk, requester):
    opened_for(requester)
    refused = desk.post(f"{URL}/T-1001/transitions", {"to": "awaiting_customer"})
    assert refused.status_code == 409
    taken = desk.post(
        f"{URL}/T-1001/transitions", {"to": "awaiting_customer", "reason": "Which floor?"}
    )
    assert taken.json()["sla"]["resolution"]["state"] == "paused"
    assert taken.json()["awaiting_reason"] == "Which floor?"


def test_an_edit_over_anothers_edit_is_refused(desk, requester):
    opened_for(requester)
    first = desk.patch(f"{URL}/T-1001", {"urgency": "high"}, headers={"If-Match": '"1"'})
    assert first.json()["priority"] == 2
    second = desk.patch(f"{URL}/T-1001", {"urgency": "low"}, headers={"If-Match": '"1"'})
    assert second.status_code == 412


def test_a_changed_priority_switches_the_policy_and_keeps_the_time(desk, requester):
    opened_for(requester)
    body = desk.patch(f"{URL}/T-1001", {"impact": "high", "urgency": "high"}).json()
    assert body["sla"]["resolution"]["due_at"] == "2026-03-03T12:00:00+00:00"
    assert body["sla"]["resolution"]["elapsed_seconds"] == 7200


def test_notes_stay_on_the_desk(desk, portal, requester):
    opened_for(requester)
    desk.post(f"{URL}/T-1001/comments", {"body": "He is **angry**", "is_internal": True})
    desk.post(f"{URL}/T-1001/comments", {"body": "On my way <script>alert(1)</script>"})
    assert len(desk.get(f"{URL}/T-1001/comments").json()["results"]) == 2
    [seen] = portal.get(f"{URL}/T-1001/comments").json()["results"]
    assert "<script>" not in seen["html"]
    assert "is_internal" not in seen
    names = [row["name"] for row in portal.get(f"{URL}/T-1001/activities").json()["results"]]
    assert names == ["tickets.TicketOpened", "tickets.CommentAdded"]


def test_a_reply_over_an_unseen_reply_is_refused(desk, requester):
    opened_for(requester)
    said = {"body": "Try again", "seen_version": 1}
    assert desk.post(f"{URL}/T-1001/comments", said).status_code == 201
    assert desk.post(f"{URL}/T-1001/comments", said).status_code == 412
    assert Comment.objects.count() == 1


def test_the_requesters_answer_ends_the_wait(desk, portal, requester):
    opened_for(requester)
    desk.post(f"{URL}/T-1001/transitions", {"to": "awaiting_customer", "reason": "Which floor?"})
    portal.post(f"{URL}/T-1001/comments", {"body": "The third"})
    body = desk.get(f"{URL}/T-1001").json()
    assert body["status"] == "in_progress"
    assert body["sla"]["resolution"]["state"] == "running"


def test_a_requester_confirms_or_reopens_and_no_more(desk, portal, requester):
    opened_for(requester)
    assert portal.post(f"{URL}/T-1001/transitions", {"to": "resolved"}).status_code == 403
    desk.post(f"{URL}/T-1001/transitions", {"to": "resolved", "resolution": "New cable"})
    reopened = portal.post(f"{URL}/T-1001/transitions", {"to": "reopened"})
    assert reopened.json()["reopen_count"] == 1
    desk.post(f"{URL}/T-1001/transitions", {"to": "resolved"})
    closed = portal.post(f"{URL}/T-1001/transitions", {"to": "closed"})
    assert closed.json()["status"] == "closed"


@pytest.mark.parametrize(
    ("stated", "where"),
    [
        pytest.param({}, "title", id="no title"),
        pytest.param({"title": ""}, "title", id="empty title"),
        pytest.param({"title": "x" * 251}, "title", id="long title"),
        pytest.param({"title": 5, "colour": "red"}, "colour", id="unknown field"),
        pytest.param({"title": "x", "kind": "party"}, "kind", id="unknown kind"),
        pytest.param({"title": "x", "category": 99}, "category", id="no such category"),
        pytest.param({"title": "x", "impact": "high"}, "impact", id="the desk's field"),
        pytest.param({"title": "x", "custom_fields": {"a": 1}}, "custom_fields.a", id="own field"),
    ],
)
def test_bad_input_is_refused_where_it_is(stated, where, portal):
    answer = portal.post(URL, stated)
    assert answer.status_code == 400
    assert answer["Content-Type"].startswith("application/problem+json")
    assert where in answer.json()["errors"]
    assert not Ticket.objects.exists()


def test_a_department_of_another_tenant_does_not_exist(desk, requester, other_tenant):
    with fence.inside(other_tenant.pk):
        foreign = DepartmentFactory(name="Secret")
    answer = desk.post(URL, {"title": "x", "department": foreign.pk})
    assert answer.status_code == 400
    assert "department" in answer.json()["errors"]


def test_deleted_tickets_are_gone_until_restored(lead, requester, api_as):
    opened_for(requester)
    client = api_as(lead)
    assert client.delete(f"{URL}/T-1001").status_code == 204
    assert client.get(f"{URL}/T-1001").status_code == 404
    assert client.post(f"{URL}/T-1001/restore").json()["sla"]["response"]["state"] == "running"


def test_many_are_edited_at_once_and_each_refusal_is_told(desk, requester):
    opened_for(requester)
    opened_for(requester)
    answer = desk.post(
        f"{URL}/bulk-update",
        {"references": ["T-1001", "T-1002", "T-9"], "to": "acknowledged", "urgency": "high"},
    )
    assert answer.json() == {
        "changed": ["T-1001", "T-1002"],
        "refused": {"T-9": "There is no such ticket."},
    }


def test_more_than_one_bulk_edit_takes_is_refused_by_name(desk, requester):
    opened_for(requester)
    many = [f"T-{number}" for number in range(1001, 2002)]
    answer = desk.post(f"{URL}/bulk-update", {"references": many, "urgency": "high"})
    assert answer.status_code == 400
    assert "no more than 1000" in answer.json()["errors"]["references"][0]
    assert Ticket.objects.get().version == 1


def test_search_finds_words_and_references(desk, requester):
    opened_for(requester, title="Video wall dark", description="Studio two")
    opened_for(requester)
    for words in ("wall studio", "t-1001"):
        found = desk.get(f"{URL}/search", {"q": words}).json()["results"]
        assert [row["reference"] for row in found] == ["T-1001"]


def test_an_export_has_every_row_and_no_formula(lead, requester, api_as):
    opened_for(requester, title="=HYPERLINK(1)")
    opened_for(requester)
    lines = text_of(api_as(lead).get(f"{URL}/export")).splitlines()
    assert len(lines) == 3
    assert "'=HYPERLINK(1)" in lines[2]


def test_clocks_explain_themselves(desk, requester):
    opened_for(requester)
    clocks = desk.get(f"{URL}/T-1001/clocks").json()["results"]
    assert [clock["metric"] for clock in clocks] == ["response", "resolution"]
    assert clocks[1]["explanation"][0]["text"]
    assert "policy" not in clocks[0]


def test_watchers_and_time(desk, requester, technician):
    opened_for(requester)
    assert desk.post(f"{URL}/T-1001/watchers", {}).status_code == 204
    watching = desk.get(f"{URL}/T-1001/watchers").json()["results"]
    assert watching == [{"id": technician.pk, "name": "Mia Ruiz"}]
    assert desk.post(f"{URL}/T-1001/time-tracking", {"minutes": 30}).status_code == 201
    assert desk.get(f"{URL}/T-1001/time-tracking").json()["results"][0]["minutes"] == 30
    assert desk.delete(f"{URL}/T-1001/watchers", {}).status_code == 204


def test_the_second_prefix_is_the_same_router(desk, requester):
    opened_for(requester)
    assert desk.get("/api/enhanced-tickets/T-1001").json()["reference"] == "T-1001"
