"""The ticket's page and its acts: as a technician, a lead, a requester and a stranger."""

import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from nova.accounts.models import Role, TeamMembership
from nova.events.base import Event
from nova.events.models import EventRecord
from nova.live.consumers import groups_of
from nova.live.topics import resolve
from tests.factories import NOW, PersonFactory, TeamFactory
from tests.tickets.making import opened_for
from tickets.choices import FieldType, Status
from tickets.models import Comment, CustomField, DeskSettings, Seen, Ticket
from tickets.sentences import SENTENCES
from tickets.services import (
    add_comment,
    assign_ticket,
    attach_file,
    delete_ticket,
    edit_ticket,
    move_ticket,
)
from vip.services import designate_vip

HTMX = {"HX-Request": "true"}
LATER = NOW + timedelta(minutes=5)
PAGE_QUERIES = 15
TOKEN = re.compile(r"[A-Za-z0-9]{64}")  # by chance it may hold any word
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


@pytest.fixture(autouse=True)
def _at_ten():
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        yield


@pytest.fixture
def technician(tenant):
    return PersonFactory(role="technician", name="Ada Osei")


@pytest.fixture
def colleague(tenant):
    return PersonFactory(role="technician", name="Mia Ruiz")


@pytest.fixture
def lead(tenant):
    return PersonFactory(role="lead", name="Lee Park")


@pytest.fixture
def requester(tenant):
    return PersonFactory(name="Rob Ray")


@pytest.fixture
def ticket(requester):
    return opened_for(requester, title="Video wall dark", description="It went **black**.")


@pytest.fixture
def desk(as_person, technician):
    return as_person(technician)


def at(ticket, act=""):
    return f"/tickets/{ticket.reference}{'/' if act else ''}{act}"


def page(desk, ticket, act="", **query):
    return desk.get(at(ticket, act), query).content.decode()


def newest(desk, ticket):
    return page(desk, ticket, "timeline").partition('data-newest="')[2].partition('"')[0]


def events_of(response):
    return json.loads(response.headers["HX-Trigger"]).keys()


def test_the_page_tells_the_report_first_and_renders_its_markdown(desk, ticket):
    shown = page(desk, ticket)

    assert "<strong>black</strong>" in shown
    assert "Acknowledge" in shown
    assert 'data-presence="ticket:T-1001"' in shown


def test_the_page_takes_a_reference_in_small_letters(desk, ticket):
    assert desk.get("/tickets/t-1001").status_code == 200


@pytest.mark.parametrize("count", [3, 30])
def test_the_page_costs_the_same_for_few_and_many_comments(
    count, desk, ticket, colleague, requester, django_assert_num_queries
):
    for number in range(count):
        author = (colleague, requester)[number % 2]
        add_comment(ticket.pk, f"Answer {number}", actor=author, now=NOW)
    page(desk, ticket)

    with django_assert_num_queries(PAGE_QUERIES):
        shown = page(desk, ticket)

    assert shown.count('id="entry-') == count + 1


def test_a_requester_is_led_to_the_portal(as_person, requester, ticket):
    answer = as_person(requester).get(at(ticket))

    assert answer.status_code == 302
    assert answer.url == f"/portal/{ticket.reference}"


@pytest.mark.parametrize(
    "part", ["head", "timeline", "side", "peek", "activity", "assign", "stage", "facts/impact"]
)
def test_a_requester_gets_no_part_of_the_page(part, as_person, requester, ticket):
    assert as_person(requester).get(at(ticket, part)).status_code == 403


@pytest.mark.parametrize("part", ["", "head", "timeline", "peek", "assign", "facts/impact"])
def test_another_tenant_finds_no_such_ticket(part, as_person, outsider, ticket):
    assert as_person(outsider).get(at(ticket, part)).status_code == 404


@pytest.mark.parametrize("app", ["sla", "vip"])
def test_another_tenant_finds_no_panel(app, as_person, outsider, ticket):
    assert as_person(outsider).get(f"/{app}/{ticket.reference}/panel").status_code == 404


@pytest.fixture
def vip_ticket(lead):
    boss = PersonFactory(name="Bea Boss")
    designate_vip({"person_id": boss.pk}, "exec", reason="Chief of staff", actor=lead, now=NOW)
    return opened_for(boss, title="Payroll export fails", at=LATER)


def test_a_lead_sees_the_badge_the_score_and_whose_word_it_is(as_person, lead, vip_ticket):
    desk = as_person(lead)
    shown = page(desk, vip_ticket)
    panel = desk.get(f"/vip/{vip_ticket.reference}/panel", headers=HTMX).content.decode()

    assert 'class="badge vip"' in shown
    assert 'id="place"' in shown
    assert "+300" in shown
    assert "Chief of staff" in panel


@pytest.mark.parametrize("part", ["", "head", "timeline", "side", "peek", "activity"])
def test_who_may_not_see_the_flag_finds_no_trace_of_it(part, desk, vip_ticket, as_person, lead):
    assert "Exec" in page(as_person(lead), vip_ticket) + page(as_person(lead), vip_ticket, "peek")

    shown = TOKEN.sub("", page(desk, vip_ticket, part)).lower()

    assert "vip" not in shown
    assert "chief of staff" not in shown


def test_who_may_not_see_the_flag_gets_an_empty_panel(desk, vip_ticket):
    assert desk.get(f"/vip/{vip_ticket.reference}/panel").content == b""


def test_clocks_come_with_the_address_of_their_reason(desk, ticket):
    panel = desk.get(f"/sla/{ticket.reference}/panel", headers=HTMX).content.decode()

    assert "First response" in panel
    assert f"/sla/{ticket.reference}/why/response" in panel
    assert "data-countdown" in panel


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["dialog", "page"])
def test_a_due_time_is_explained_as_a_sum(headers, desk, ticket):
    answer = desk.get(f"/sla/{ticket.reference}/why/response", headers=headers)

    assert "started, target" in answer.content.decode()


def test_an_unknown_clock_is_not_found(desk, ticket):
    assert desk.get(f"/sla/{ticket.reference}/why/nonsense").status_code == 404


def test_only_a_lead_reads_which_policy_measures(desk, as_person, lead, ticket):
    address = f"/sla/{ticket.reference}/why/response"

    assert "By the service level" not in desk.get(address).content.decode()
    assert "By the service level" in as_person(lead).get(address).content.decode()


def test_what_happened_since_one_looked_is_marked(desk, technician, colleague, ticket):
    page(desk, ticket)
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        add_comment(ticket.pk, "Mine", actor=technician, now=NOW + timedelta(minutes=61))
        add_comment(ticket.pk, "Theirs", actor=colleague, now=NOW + timedelta(minutes=62))
        shown = page(desk, ticket)
        again = page(desk, ticket)

    assert shown.index("Mine") < shown.index("since-you-looked") < shown.index("Theirs")
    assert shown.count("data-unseen") == 1
    assert "since-you-looked" not in again
    assert Seen.objects.get(person=technician).at == NOW + timedelta(hours=2)


def test_nothing_is_marked_at_the_first_look(desk, colleague, ticket):
    add_comment(ticket.pk, "Theirs", actor=colleague, now=LATER)

    assert "since-you-looked" not in page(desk, ticket)


def test_events_are_folded_between_the_turns(desk, colleague, ticket):
    edit_ticket(ticket.pk, {"impact": "high"}, actor=colleague, now=LATER)
    move_ticket(ticket.pk, Status.DIAGNOSING, actor=colleague, now=LATER, reason="On it")
    assign_ticket(ticket.pk, {"assignee": colleague}, actor=colleague, now=LATER)
    add_comment(ticket.pk, "Have a look", actor=colleague, now=LATER + timedelta(minutes=1))

    shown = page(desk, ticket, "timeline")

    assert "3 changes" in shown
    assert "changed the impact from Medium to High" in shown
    assert "moved it from New to Diagnosing: On it" in shown
    assert "took it" in shown
    assert shown.index("3 changes") < shown.index("Have a look")


def test_a_long_conversation_shows_its_newest_part_first(desk, ticket, requester):
    Comment.objects.bulk_create(
        Comment(
            tenant_id=ticket.tenant_id,
            ticket=ticket,
            author=requester,
            body=f"Turn {number}.",
            written_at=NOW + timedelta(seconds=number),
        )
        for number in range(130)
    )

    shown, whole = page(desk, ticket), page(desk, ticket, whole="")

    assert "Turn 29." not in shown
    assert "Turn 30." in shown
    assert "Show the whole conversation" in shown
    assert "Turn 0." in whole


@pytest.mark.parametrize(("kind", "is_internal"), [("reply", False), ("note", True)])
def test_words_and_files_are_sent_together(kind, is_internal, desk, ticket):
    upload = SimpleUploadedFile("wall.png", PNG, content_type="image/png")
    stated = {"kind": kind, "body": "Look", "last_seen": newest(desk, ticket)}

    answer = desk.post(at(ticket, "reply"), {**stated, "attachments": [upload]}, headers=HTMX)

    comment = Comment.objects.get()
    assert answer.status_code == 200
    assert "nova:acted" in events_of(answer)
    assert (comment.body, comment.is_internal) == ("Look", is_internal)
    assert comment.attachments.get().is_internal is is_internal
    assert "Look</textarea>" not in answer.content.decode()


def test_without_javascript_a_reply_leads_back_to_the_page(desk, ticket):
    answer = desk.post(at(ticket, "reply"), {"kind": "reply", "body": "Hello"})

    assert answer.status_code == 302
    assert answer.url == f"{at(ticket)}#editor"


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({"body": ""}, "Write something first."),
        ({"body": "x" * 50_001}, "at most 50000 characters"),
        ({"last_seen": "9" * 5000}, "Load the page again"),
        ({"last_seen": "abc"}, "Load the page again"),
        ({"kind": "shout"}, "Load the page again"),
    ],
)
def test_a_reply_that_cannot_be_sent_says_why_and_keeps_the_words(desk, ticket, stated, said):
    sent = {"kind": "reply", "body": "My words", "last_seen": "1", **stated}
    answer = desk.post(at(ticket, "reply"), sent, headers=HTMX)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert f"{sent['body']}</textarea>" in answer.content.decode()
    assert not Comment.objects.exists()


def test_a_reply_over_an_unseen_answer_asks_first_and_keeps_the_words(desk, colleague, ticket):
    seen = newest(desk, ticket)
    add_comment(ticket.pk, "I was quicker", actor=colleague, now=LATER)
    stated = {"kind": "reply", "body": "My words", "last_seen": seen}

    asked = desk.post(at(ticket, "reply"), stated, headers=HTMX)
    kept = asked.content.decode()
    sent = desk.post(at(ticket, "reply"), {**stated, "send_anyway": "1"}, headers=HTMX)

    assert asked.status_code == 422
    assert "Mia Ruiz answered while you were writing." in kept
    assert "My words</textarea>" in kept
    assert sent.status_code == 200
    assert Comment.objects.filter(body="My words").count() == 1


def test_other_changes_do_not_stand_in_the_way_of_a_reply(desk, colleague, ticket):
    seen = newest(desk, ticket)
    edit_ticket(ticket.pk, {"impact": "high"}, actor=colleague, now=LATER)
    stated = {"kind": "reply", "body": "My words", "last_seen": seen}

    assert desk.post(at(ticket, "reply"), stated, headers=HTMX).status_code == 200


def test_a_file_too_large_takes_its_reply_back(desk, ticket, tenant):
    DeskSettings.objects.filter(tenant=tenant).update(max_attachment_bytes=10)
    upload = SimpleUploadedFile("wall.png", PNG, content_type="image/png")

    answer = desk.post(
        at(ticket, "reply"), {"kind": "reply", "body": "Look", "attachments": [upload]}
    )

    assert answer.status_code == 422
    assert "larger than" in answer.content.decode()
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    ("without", "kind"), [("tickets.reply_ticket", "reply"), ("tickets.note_ticket", "note")]
)
def test_words_need_their_permission(without, kind, desk, ticket):
    withdraw(without)

    answer = desk.post(at(ticket, "reply"), {"kind": kind, "body": "Hello"})

    assert answer.status_code == 403
    assert not Comment.objects.exists()


def withdraw(permission):
    role = Role.objects.get(key="technician")
    role.permissions = [name for name in role.permissions if name != permission]
    role.save()


@pytest.mark.parametrize(
    ("verb", "act", "word"),
    [
        ("assign_ticket", "assign", ">Assign<"),
        ("move_ticket", "stage", ">Acknowledge<"),
        ("edit_ticket", "facts/impact", "Change Impact"),
        ("delete_ticket", "delete", ">Delete"),
    ],
)
def test_an_act_that_is_not_allowed_is_hidden_and_refused(verb, act, word, desk, ticket):
    withdraw(f"tickets.{verb}")

    assert word not in page(desk, ticket)
    assert desk.get(at(ticket, act)).status_code == 403
    assert desk.post(at(ticket, act), {"value": "high"}).status_code == 403


def test_taking_a_ticket_assigns_and_acknowledges_it(desk, technician, ticket):
    answer = desk.post(at(ticket, "take"), headers=HTMX)

    ticket.refresh_from_db()
    assert answer.status_code == 204
    assert events_of(answer) == {"nova:toast", "nova:acted", "nova:close-dialog"}
    assert (ticket.assignee, ticket.status) == (technician, Status.ACKNOWLEDGED)


def test_a_ticket_that_a_colleague_took_is_not_taken_away(desk, colleague, ticket):
    assign_ticket(ticket.pk, {"assignee": colleague}, actor=colleague, now=LATER)

    answer = desk.post(at(ticket, "take"), headers=HTMX)

    assert answer.status_code == 409
    assert answer.content.decode() == f"Mia Ruiz has taken {ticket.reference} already."


def test_people_are_chosen_by_team(desk, colleague, ticket):
    team = TeamFactory(name="Broadcast Ops")
    TeamMembership.objects.create(tenant_id=team.tenant_id, team=team, person=colleague)

    shown = page(desk, ticket, "assign")

    assert '<optgroup label="Broadcast Ops">' in shown
    assert "Mia Ruiz" in shown
    assert "Rob Ray</option>" not in shown


def test_assigning_sets_assignee_backup_and_team(desk, technician, colleague, ticket):
    team = TeamFactory()
    stated = {
        "assignee": colleague.pk,
        "backup": technician.pk,
        "team": team.pk,
        "reason": "Knows",
    }

    answer = desk.post(at(ticket, "assign"), stated)

    ticket.refresh_from_db()
    assert answer.status_code == 302
    assert (ticket.assignee, ticket.backup, ticket.team) == (colleague, technician, team)


def test_assigning_to_oneself_is_one_button(desk, technician, ticket):
    desk.post(at(ticket, "assign"), {"to_me": "1"}, headers=HTMX)

    ticket.refresh_from_db()
    assert ticket.assignee == technician


@pytest.mark.parametrize("who", ["requester", "colleague_twice"])
def test_who_cannot_work_on_it_is_no_choice(who, desk, requester, colleague, ticket):
    stated = {
        "requester": {"assignee": requester.pk},
        "colleague_twice": {"assignee": colleague.pk, "backup": colleague.pk},
    }[who]

    answer = desk.post(at(ticket, "assign"), stated, headers=HTMX)

    assert answer.status_code == 422


def test_an_assignment_over_an_unseen_one_says_what_changed(desk, lead, colleague, ticket):
    seen = newest(desk, ticket)
    assign_ticket(ticket.pk, {"assignee": lead}, actor=lead, now=LATER)
    stated = {"assignee": colleague.pk, "after": seen}

    asked = desk.post(at(ticket, "assign"), stated, headers=HTMX)
    shown = asked.content.decode()
    after = shown.partition('name="after" value="')[2].partition('"')[0]
    done = desk.post(at(ticket, "assign"), {**stated, "after": after}, headers=HTMX)

    assert asked.status_code == 422
    assert "<b>Lee Park</b> took it" in shown
    assert done.status_code == 204
    ticket.refresh_from_db()
    assert ticket.assignee == colleague


@pytest.mark.parametrize(
    ("stated", "field", "value"),
    [
        ({"to": "acknowledged"}, "status", "acknowledged"),
        ({"to": "awaiting_customer", "reason": "A photo"}, "awaiting_reason", "A photo"),
        ({"to": "resolved", "resolution": "New cable"}, "resolution", "New cable"),
        (
            {"to": "resolved", "resolution": "x", "resolution_code": "workaround"},
            "resolution_code",
            "workaround",
        ),
    ],
)
def test_a_stage_takes_its_words(stated, field, value, desk, ticket):
    stated = {"resolution_code": "solved", **stated}

    answer = desk.post(at(ticket, "stage"), stated, headers=HTMX)

    ticket.refresh_from_db()
    assert answer.status_code == 204
    assert getattr(ticket, field) == value


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({"to": "awaiting_dependency"}, "Say what it waits for."),
        ({"to": "resolved"}, "Say what helped"),
        ({"to": "closed"}, "It cannot go there"),
        ({}, "This field is required."),
    ],
)
def test_a_stage_that_lacks_something_is_asked_again(stated, said, desk, ticket):
    answer = desk.post(at(ticket, "stage"), stated, headers=HTMX)

    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_only_what_may_follow_is_offered(desk, ticket):
    move_ticket(ticket.pk, Status.RESOLVED, actor=ticket.requester, now=LATER)

    shown = page(desk, ticket, "stage")

    assert 'value="closed"' in shown
    assert 'value="reopened"' in shown
    assert 'value="diagnosing"' not in shown


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("title", "Wall is dark", "Wall is dark"),
        ("description", "More words", "More words"),
        ("impact", "high", "high"),
        ("kind", "problem", "problem"),
        ("module", "ops", "ops"),
        ("location", "Studio 2", "Studio 2"),
    ],
)
def test_a_fact_is_edited_in_place(name, value, expected, desk, ticket):
    asked = desk.get(at(ticket, f"facts/{name}"), headers=HTMX)
    answer = desk.post(at(ticket, f"facts/{name}"), {"value": value}, headers=HTMX)

    ticket.refresh_from_db()
    assert asked.status_code == 200
    assert answer.status_code == 200
    assert "nova:acted" in answer.headers["HX-Trigger-After-Settle"]
    assert getattr(ticket, name) == expected


def test_tags_are_a_line_of_words(desk, ticket):
    desk.post(at(ticket, "facts/tags"), {"value": "studio, wall , studio"})
    desk.post(at(ticket, "facts/tags"), {"value": "wall, hdmi"})

    assert list(ticket.tags.order_by("name").values_list("name", flat=True)) == ["hdmi", "wall"]
    assert "changed the tags from studio, wall to hdmi, wall" in page(desk, ticket, "activity")


@pytest.mark.parametrize(
    ("type_", "value", "stored"),
    [
        (FieldType.TEXT, "A-7", "A-7"),
        (FieldType.NUMBER, "7", 7),
        (FieldType.BOOLEAN, "no", False),
        (FieldType.DATE, "2026-03-31", "2026-03-31"),
        (FieldType.CHOICE, "red", "red"),
    ],
)
def test_an_own_field_is_edited_in_place(type_, value, stored, desk, ticket):
    CustomField.objects.create(
        tenant_id=ticket.tenant_id, key="rack", label="Rack", type=type_, options=["red", "blue"]
    )

    desk.post(at(ticket, "facts/own.rack"), {"value": value})

    ticket.refresh_from_db()
    assert ticket.custom_fields == {"rack": stored}
    assert "Rack" in page(desk, ticket, "side")


@pytest.mark.parametrize("name", ["priority", "status", "own.nothing", "vip_level"])
def test_what_is_no_editable_fact_is_not_found(name, desk, ticket):
    assert desk.get(at(ticket, f"facts/{name}")).status_code == 404


def test_an_edit_over_an_unseen_one_says_what_changed(desk, colleague, ticket):
    seen = newest(desk, ticket)
    edit_ticket(ticket.pk, {"impact": "low"}, actor=colleague, now=LATER)

    asked = desk.post(at(ticket, "facts/impact"), {"value": "high", "after": seen}, headers=HTMX)
    other = desk.post(at(ticket, "facts/urgency"), {"value": "high", "after": seen}, headers=HTMX)

    assert asked.status_code == 422
    assert "<b>Mia Ruiz</b> changed the impact from Medium to Low" in asked.content.decode()
    assert other.status_code == 200


def test_watching_begins_and_ends(desk, technician, ticket):
    desk.post(at(ticket, "watch"), headers=HTMX)
    assert "Stop watching" in page(desk, ticket)

    desk.post(at(ticket, "watch"), {"watch": "off"}, headers=HTMX)
    assert "Stop watching" not in page(desk, ticket)


def test_deleting_asks_by_name_and_can_be_undone(as_person, lead, ticket):
    desk = as_person(lead)

    assert f"Delete {ticket.reference}?" in page(desk, ticket, "delete")
    deleted = desk.post(at(ticket, "delete"), headers=HTMX)
    gone = page(desk, ticket)
    desk.post(at(ticket, "restore"))

    assert deleted.headers["HX-Redirect"] == "/pulse/"
    assert f"{ticket.reference} is deleted." in gone
    assert Ticket.objects.get(pk=ticket.pk).deleted_at is None


def test_a_deleted_ticket_is_gone_for_a_technician(desk, lead, ticket):
    delete_ticket(ticket.pk, actor=lead, now=LATER)

    assert desk.get(at(ticket)).status_code == 404


def test_recorded_time_is_listed_with_its_sum(desk, ticket):
    answer = desk.post(at(ticket, "time"), {"minutes": "75", "note": "Cable"}, headers=HTMX)

    shown = page(desk, ticket, "side")
    assert answer.status_code == 204
    assert "Cable" in shown
    assert "1 h 15" in shown


def test_time_that_is_no_time_is_asked_again(desk, ticket):
    answer = desk.post(at(ticket, "time"), {"minutes": "0"}, headers=HTMX)

    assert answer.status_code == 422


def attached(ticket, person, content, media_type):
    upload = SimpleUploadedFile("wall.png", content, content_type=media_type)
    return attach_file(ticket.pk, upload, actor=person, now=LATER)


def test_a_file_is_a_download_that_runs_nowhere(desk, ticket, requester):
    file = attached(ticket, requester, b"<script>alert(1)</script>", "text/html")

    answer = desk.get(at(ticket, f"files/{file.key}"))

    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.getvalue() == b"<script>alert(1)</script>"


@pytest.mark.parametrize(
    ("content", "disposition", "media_type"),
    [
        (PNG, "inline", "image/png"),
        (b"\xff\xd8\xff\xe0rest", "inline", "image/jpeg"),
        (b"GIF89a....", "inline", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "inline", "image/webp"),
        (b"RIFF\0\0\0\0WAVEfmt ", "attachment", "application/octet-stream"),
        (b"<svg onload=alert(1)>", "attachment", "application/octet-stream"),
        (b"", "attachment", "application/octet-stream"),
    ],
    ids=["png", "jpeg", "gif", "webp", "wave", "svg", "empty"],
)
def test_only_what_begins_as_an_image_is_shown(
    content, disposition, media_type, desk, ticket, requester
):
    file = attached(ticket, requester, content, "image/png")

    answer = desk.get(at(ticket, f"files/{file.key}/preview"))

    assert answer.headers["Content-Disposition"].startswith(disposition)
    assert answer.headers["Content-Type"] == media_type
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.getvalue() == content


def test_a_file_of_another_tenant_is_not_found(as_person, outsider, ticket, requester):
    file = attached(ticket, requester, PNG, "image/png")

    assert as_person(outsider).get(at(ticket, f"files/{file.key}")).status_code == 404


def test_many_tickets_are_assigned_at_once(desk, technician, colleague, requester):
    tickets = [opened_for(requester) for _ in range(3)]
    named = {"reference": [ticket.reference for ticket in tickets]}

    asked = desk.post("/tickets/bulk/assign", named, headers=HTMX)
    done = desk.post(
        "/tickets/bulk/assign", {**named, "asked": "1", "assignee": colleague.pk}, headers=HTMX
    )

    assert "Assign 3 tickets" in asked.content.decode()
    assert done.status_code == 204
    assert set(Ticket.objects.values_list("assignee", flat=True)) == {colleague.pk}


def test_more_tickets_than_one_act_takes_are_said_to_stay_as_they_are(desk, technician, requester):
    first, *_others, last = [opened_for(requester) for _ in range(3)]
    beyond = [f"T-{number}" for number in range(5000, 6000)]
    named = {"reference": [first.reference, *beyond, last.reference]}
    words = "One act takes up to 1000 tickets: the last 2 selected stay as they are."
    asked = desk.post("/tickets/bulk/assign", named, headers=HTMX).content.decode()
    again = {
        "reference": re.findall(r'name="reference" value="([^"]+)"', asked),
        "left": re.search(r'name="left" value="(\d+)"', asked)[1],
    }
    stated = {**again, "asked": "1", "assignee": technician.pk}
    done = desk.post("/tickets/bulk/assign", stated, headers=HTMX)

    assert words in asked
    assert f"1 ticket changed. {words}" in done["HX-Trigger"]
    last.refresh_from_db()
    assert last.assignee is None


def test_tickets_that_refuse_a_stage_are_named_with_the_reason(desk, requester):
    new, solved = opened_for(requester), opened_for(requester)
    move_ticket(solved.pk, Status.RESOLVED, actor=requester, now=LATER)
    stated = {"reference": [new.reference, solved.reference], "asked": "1", "to": "diagnosing"}

    answer = desk.post("/tickets/bulk/stage", stated, headers=HTMX)

    assert "1 ticket changed." in answer.content.decode()
    assert f"{solved.reference} is Resolved and cannot become Diagnosing." in (
        answer.content.decode()
    )
    assert "nova:acted" in events_of(answer)
    new.refresh_from_db()
    assert new.status == Status.DIAGNOSING


def test_many_tickets_of_another_tenant_are_none(as_person, outsider, requester):
    ticket = opened_for(requester)
    stated = {"reference": [ticket.reference], "asked": "1", "to_me": "1"}

    as_person(outsider).post("/tickets/bulk/assign", stated, headers=HTMX)

    ticket.refresh_from_db()
    assert ticket.assignee is None


@pytest.mark.parametrize("act", ["assign", "stage", "delete", "facts/title"])
def test_a_dialog_is_a_page_without_javascript(act, as_person, lead, ticket):
    shown = page(as_person(lead), ticket, act)

    assert "<!doctype html>" in shown
    assert f'href="{at(ticket)}"' in shown


def test_the_peek_is_the_ticket_in_short(desk, colleague, ticket):
    for number in range(6):
        add_comment(ticket.pk, f"Turn {number}.", actor=colleague, now=LATER)

    shown = page(desk, ticket, "peek")

    assert "black" in shown
    assert "2 earlier turns" in shown
    assert "Turn 1." not in shown
    assert "Turn 5." in shown


@pytest.mark.parametrize(
    ("topic", "role", "is_desk"),
    [("ticket", "technician", True), ("ticket", "requester", False)],
)
def test_who_may_see_a_ticket_follows_it_live(topic, role, is_desk, technician, requester, ticket):
    person = {"technician": technician, "requester": requester}[role]

    group = resolve(person, f"{topic}:{ticket.reference}")

    assert group == f"ticket.{ticket.pk}" + ("" if is_desk else ".public")


@pytest.mark.parametrize("topic", ["ticket:T-1001", "ticket:T-9", "ticket:x", "ticket:", "queue"])
def test_others_follow_nothing(topic, ticket):
    assert resolve(PersonFactory(), topic) is None


def test_a_note_moves_the_ticket_of_the_desk_but_not_of_its_requester(colleague, ticket):
    add_comment(ticket.pk, "Among us", actor=colleague, now=LATER, is_internal=True)
    record = EventRecord.objects.get(name="tickets.NoteAdded")

    assert groups_of([record]).keys() == {f"ticket.{ticket.pk}"}


def test_every_event_of_a_ticket_has_its_sentence():
    kinds = [kind for kind in Event.types.values() if not kind.__subclasses__()]
    about = {kind.name for kind in kinds if kind.subject == "ticket_id"}

    assert about <= SENTENCES.keys()
