"""To report: one question, then those that help; once, with its files, or not at all."""

import re

import pytest
from django.db import IntegrityError
from django.urls import reverse
from django.utils.html import strip_tags

from tests.factories import NOW
from tests.tickets.making import opened_for
from tests.tickets.portal.telling import HTMX, NEVER, address, photo
from tickets import services
from tickets.models import Category, DeskSettings, Ticket


def test_the_one_question_leads_to_those_that_help(portal):
    page = portal.get(reverse("portal:report"), {"title": "Printer jams"}).content.decode()
    assert 'value="Printer jams"' in page
    for asked in ("How pressing is it?", "Where is it?", "I am not sure", "Photos or files"):
        assert asked in page
    assert not NEVER.search(strip_tags(page))


def test_a_report_without_javascript_opens_a_ticket_and_leads_to_it(portal, requester):
    about = Category.objects.get(name="Hardware", parent=None)
    told = {"title": " Printer\n jams ", "details": "Third *floor*", "urgency": "high"}
    told |= {"category": about.pk, "location": "3.14", "attachments": [photo(), photo("b.jpg")]}
    answer = portal.post(reverse("portal:report"), told)
    ticket = Ticket.objects.get()
    assert answer.url == address("ticket", ticket)
    assert (ticket.title, ticket.urgency, ticket.source) == ("Printer jams", "high", "portal")
    assert (ticket.category, ticket.location, ticket.requester) == (about, "3.14", requester)
    page = portal.get(answer.url).content.decode()
    for shown in ("We have it", "<em>floor</em>", "screen.jpg", "Hardware", "3.14", "You"):
        assert shown in page


def test_a_report_by_htmx_leads_to_the_ticket(portal):
    told = {"title": "Printer jams", "urgency": "low"}
    answer = portal.post(reverse("portal:report"), told, headers=HTMX)
    assert answer["HX-Redirect"] == address("ticket", Ticket.objects.get())


def sent_from(page, **told):
    once = re.search(r'name="once" value="(\w+)"', page.content.decode())[1]
    return {"title": "Printer jams", "urgency": "low", "once": once, **told}


def test_a_form_that_is_sent_twice_opens_one_ticket_and_leads_there_both_times(portal, tmp_path):
    told = sent_from(portal.get(reverse("portal:report")))
    answers = [
        portal.post(reverse("portal:report"), {**told, "attachments": photo()}) for _ in range(2)
    ]
    assert [answer.url for answer in answers] == [address("ticket", Ticket.objects.get())] * 2
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize("changed", [{"title": "Another jam"}, {"once": "a new form"}])
def test_what_was_changed_is_another_report(portal, changed):
    told = sent_from(portal.get(reverse("portal:report")))
    for sent in (told, {**told, **changed}):
        portal.post(reverse("portal:report"), sent)
    assert Ticket.objects.count() == 2


def test_a_report_that_was_refused_may_be_sent_again_from_the_same_form(portal):
    told = sent_from(portal.get(reverse("portal:report")), attachments=[photo(), photo("b.jpg")])
    DeskSettings.objects.update(max_attachments=1)
    assert portal.post(reverse("portal:report"), told).status_code == 422
    DeskSettings.objects.update(max_attachments=2)
    told["attachments"] = [photo(), photo("b.jpg")]
    assert portal.post(reverse("portal:report"), told).status_code == 302


def test_a_refused_report_keeps_what_was_typed(portal):
    told = {"title": " ", "details": "Long story", "urgency": "low", "attachments": photo()}
    answer = portal.post(reverse("portal:report"), told)
    page = answer.content.decode()
    assert answer.status_code == 422
    for kept in ("Long story", "Say in a few words", "Choose your files again: screen.jpg"):
        assert kept in page
    assert re.search(r'value="low"[^>]*checked', page)
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"title": "x" * 251}, id="long title"),
        pytest.param({"urgency": "critical"}, id="unknown urgency"),
        pytest.param({"category": "99999999"}, id="no such category"),
        pytest.param({"details": "a\0b"}, id="a NUL"),
        pytest.param({"own_floor": "Attic"}, id="no such option"),
        pytest.param({"own_floor": ""}, id="a field that is needed"),
        pytest.param({"own_seats": "nan"}, id="no number"),
        pytest.param({"own_since": "tomorrow"}, id="no date"),
    ],
)
def test_what_does_not_fit_is_refused(wrong, portal, fields_of_the_portal):
    told = {"title": "Printer jams", "urgency": "low", "own_floor": "First"} | wrong
    assert portal.post(reverse("portal:report"), told).status_code == 422
    assert not Ticket.objects.exists()


def test_own_fields_of_the_portal_are_asked_and_shown(portal, fields_of_the_portal):
    told = {"title": "Too warm", "urgency": "low"}
    told |= {"own_floor": "Second", "own_seats": "3", "own_since": "2026-03-01"}
    portal.post(reverse("portal:report"), told)
    ticket = Ticket.objects.get()
    own = {"floor": "Second", "seats": 3, "since": "2026-03-01", "loud": False}
    assert ticket.custom_fields == own
    page = portal.get(address("ticket", ticket)).content.decode()
    assert "Second" in page
    assert "Cost centre" not in portal.get(reverse("portal:report")).content.decode()


def test_a_file_beyond_the_bounds_is_refused_in_words(portal):
    DeskSettings.objects.update(max_attachment_bytes=1 << 20)
    told = {"title": "Printer jams", "urgency": "low"}
    told["attachments"] = photo(content=b"x" * ((1 << 20) + 1))
    page = portal.post(reverse("portal:report"), told).content.decode()
    assert "screen.jpg is larger than 1 MB" in page
    assert not Ticket.objects.exists()


def test_no_more_files_than_a_ticket_holds_means_no_ticket_and_no_file(portal, tmp_path):
    DeskSettings.objects.update(max_attachments=1)
    told = {"title": "Jam", "urgency": "low", "attachments": [photo(), photo("b.jpg")]}
    assert portal.post(reverse("portal:report"), told).status_code == 422
    assert not Ticket.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_file_whose_row_fails_is_not_left_behind(requester, tmp_path, monkeypatch):
    ticket = opened_for(requester)
    monkeypatch.setattr("tickets.services.conversation._media_type_of", lambda upload: None)
    with pytest.raises(IntegrityError):
        services.attach_file(ticket.pk, photo(), actor=requester, now=NOW)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
