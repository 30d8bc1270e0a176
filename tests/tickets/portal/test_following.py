"""To follow a report: its track, its conversation, its end."""

from datetime import timedelta

import pytest

from tests.factories import NOW
from tests.tickets.making import opened_for
from tests.tickets.portal.telling import HTMX, LATER, address, move, photo, say
from tickets import services
from tickets.choices import Status
from tickets.models import Comment, Ticket
from tickets.portal import track_of


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status.NEW, "Received"),
        (Status.ACKNOWLEDGED, "Being looked at"),
        (Status.DIAGNOSING, "Being looked at"),
        (Status.IN_PROGRESS, "Being looked at"),
        (Status.AWAITING_CUSTOMER, "Waiting for you"),
        (Status.AWAITING_DEPENDENCY, "Being looked at"),
        (Status.RESOLVED, "Solved"),
        (Status.CLOSED, "Solved"),
        (Status.REOPENED, "Received again"),
    ],
)
def test_every_stage_has_a_friendly_word(status, words):
    [here] = [step for step in track_of(status) if step.state in ("current", "waiting")]
    assert here.label == words


def test_the_track_tells_since_when_and_what_was_skipped(portal, requester, technician):
    ticket = opened_for(requester)
    move(ticket, Status.RESOLVED, technician, resolution="New cable")
    steps = track_of(Status.RESOLVED, ticket.stages.order_by("entered_at", "pk"))
    told = [(step.state, step.at) for step in steps]
    assert told == [("done", NOW), ("skipped", None), ("current", NOW + timedelta(hours=1))]
    assert "New cable" in portal.get(address("ticket", ticket)).content.decode()


def test_what_came_back_was_still_received_once(requester, technician):
    ticket = opened_for(requester)
    for to in (Status.RESOLVED, Status.REOPENED, Status.IN_PROGRESS):
        move(ticket, to, technician, resolution="New cable", reason="It is back")
        if to == Status.REOPENED:
            again = track_of(to, ticket.stages.order_by("entered_at", "pk"))
    steps = track_of(Status.IN_PROGRESS, ticket.stages.order_by("entered_at", "pk"))
    assert again[0].at > NOW
    assert steps[0].at == NOW


def test_waiting_for_the_requester_is_the_loud_thing(portal, requester, technician):
    ticket = opened_for(requester)
    move(ticket, Status.AWAITING_CUSTOMER, technician, reason="ask the moody CFO")
    page = portal.get(address("ticket", ticket)).content.decode()
    assert "We need something from you." in page
    assert "moody" not in page


def test_the_conversation_holds_what_was_said_to_the_requester(portal, requester, technician):
    ticket = opened_for(requester, description="It smokes")
    note = say(ticket, "Probably his own fault", technician, is_internal=True)
    say(ticket, "Pull the <script>alert(1)</script> plug", technician)
    services.attach_file(
        ticket.pk, photo("secret.pdf"), comment=note, actor=technician, now=NOW, is_internal=True
    )
    page = portal.get(address("ticket", ticket)).content.decode()
    assert "It smokes" in page
    assert "Mia Ruiz" in page
    for hidden in ("fault", "secret.pdf", "<script>alert", "Internal"):
        assert hidden not in page


def test_an_answer_with_a_file_ends_the_wait(portal, requester, technician):
    ticket = opened_for(requester)
    move(ticket, Status.AWAITING_CUSTOMER, technician, reason="Which floor?")
    told = {"body": "The third", "attachments": photo()}
    answer = portal.post(address("answer", ticket), told)
    assert answer.url == address("ticket", ticket)
    ticket.refresh_from_db()
    assert ticket.status == Status.IN_PROGRESS
    assert Comment.objects.get().attachments.get().name == "screen.jpg"


def test_an_answer_by_htmx_brings_the_conversation(portal, requester):
    ticket = opened_for(requester)
    answer = portal.post(address("answer", ticket), {"body": "Hello?"}, headers=HTMX)
    assert "Hello?" in answer.content.decode()
    assert "<html" not in answer.content.decode()
    assert "nova:toast" in answer["HX-Trigger"]


def test_a_solved_report_is_confirmed(portal, requester, technician):
    ticket = opened_for(requester)
    move(ticket, Status.RESOLVED, technician)
    assert "Yes, it is solved" in portal.get(address("ticket", ticket)).content.decode()
    for _click in range(2):  # twice is once
        answer = portal.post(address("answer", ticket), {"verdict": "solved", "body": ""})
        assert answer.status_code == 302
    ticket.refresh_from_db()
    assert ticket.status == Status.CLOSED
    assert not Comment.objects.exists()


def test_what_is_not_solved_comes_back_with_the_reason(portal, requester, technician):
    ticket = opened_for(requester)
    move(ticket, Status.RESOLVED, technician)
    portal.post(address("answer", ticket), {"verdict": "unsolved", "body": "Still jams"})
    ticket.refresh_from_db()
    assert (ticket.status, ticket.reopen_count) == (Status.REOPENED, 1)
    assert Comment.objects.get().body == "Still jams"


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"body": "  "}, "Write something first"),
        ({"verdict": "unsolved", "body": ""}, "Say what is still wrong"),
        ({"body": "x" * 50_001}, "at most 50000"),
    ],
)
def test_an_answer_that_says_nothing_is_asked_for_words(told, words, portal, requester):
    ticket = opened_for(requester)
    answer = portal.post(address("answer", ticket), told)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_refused_verdict_keeps_the_words_and_says_nothing(portal, requester):
    ticket = opened_for(requester)  # nobody has solved it, so that it cannot come back
    answer = portal.post(address("answer", ticket), {"verdict": "unsolved", "body": "Still"})
    assert answer.status_code == 422
    assert ">Still</textarea>" in answer.content.decode()
    assert not Comment.objects.exists()


def test_nobody_makes_up_a_verdict(portal, requester):
    ticket = opened_for(requester)
    answer = portal.post(address("answer", ticket), {"verdict": "acknowledged"})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("days", "shown", "absent"),
    [(29, "No, it is not solved", "Report it anew"), (31, "Report it anew", "No, it is not")],
)
def test_what_was_closed_long_ago_is_reported_anew(
    days, shown, absent, portal, requester, technician
):
    ticket = opened_for(requester)
    move(ticket, Status.RESOLVED, technician)
    move(ticket, Status.CLOSED, technician)
    Ticket.objects.update(closed_at=LATER - timedelta(days=days))
    page = portal.get(address("ticket", ticket)).content.decode()
    assert shown in page
    assert absent not in page


def test_the_page_follows_its_ticket_and_asks_for_the_form_only_when_another_is_due(
    portal, requester, technician
):
    ticket = opened_for(requester)
    page = portal.get(address("ticket", ticket)).content.decode()
    assert f'data-live-topics="ticket:{ticket.reference}"' in page
    url = address("progress", ticket) + "?mode=reply"
    assert "<form" not in portal.get(url, headers=HTMX).content.decode()
    move(ticket, Status.RESOLVED, technician)
    assert 'hx-swap-oob="true"' in portal.get(url, headers=HTMX).content.decode()


def test_files_are_downloads(portal, requester, technician):
    ticket = opened_for(requester)
    stored = {"actor": technician, "now": NOW}
    sent = services.attach_file(ticket.pk, photo("x.html", b"<script>"), **stored)
    hidden = services.attach_file(ticket.pk, photo("y.txt"), is_internal=True, **stored)
    answer = portal.get(address("file", ticket, sent.key))
    assert answer["Content-Disposition"] == 'attachment; filename="x.html"'
    assert answer["Content-Type"] == "application/octet-stream"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer.getvalue() == b"<script>"
    assert portal.get(address("file", ticket, hidden.key)).status_code == 404
    faked = portal.get(address("preview", ticket, sent.key))  # says that it is an image
    assert faked["Content-Disposition"].startswith("attachment")
    assert faked.getvalue() == b"<script>"


def test_a_photo_shows_itself(portal, requester):
    ticket = opened_for(requester)
    picture = photo(content=b"\xff\xd8\xff\xe0 and more")
    sent = services.attach_file(ticket.pk, picture, actor=requester, now=NOW)
    url = address("preview", ticket, sent.key)
    assert url in portal.get(address("ticket", ticket)).content.decode()
    answer = portal.get(url)
    assert (answer["Content-Type"], answer.getvalue()) == (
        "image/jpeg",
        b"\xff\xd8\xff\xe0 and more",
    )


@pytest.mark.parametrize("count", [3, 30])
def test_a_report_costs_the_same_with_few_and_many_comments(
    count, portal, requester, technician, django_assert_num_queries
):
    ticket = opened_for(requester)
    for place in range(count):
        said = say(ticket, f"Turn {place}", technician)
        services.attach_file(ticket.pk, photo(), comment=said, actor=technician, now=NOW)
    portal.get(address("ticket", ticket))  # what things usually take is measured once
    with django_assert_num_queries(10):  # and: stages, fields, files, comments, theirs, who acted
        portal.get(address("ticket", ticket))
