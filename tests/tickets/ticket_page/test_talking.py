"""Replies, notes and files on the page of a ticket."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.tickets.ticket_page.looking import HTMX, LATER, at, events_of, newest, withdraw
from tickets.models import Comment, DeskSettings
from tickets.services import add_comment, attach_file, edit_ticket

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


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
