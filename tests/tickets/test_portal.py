import re
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from nova.accounts.choices import VipLevel
from nova.accounts.services import appoint_proxy
from tests.factories import NOW, PersonFactory
from tests.tickets.making import opened_for
from tickets import services
from tickets.choices import FieldType, ScorePart, Status
from tickets.expectations import span_words
from tickets.models import Attachment, Category, Comment, CustomField, DeskSettings, Ticket
from tickets.portal import track_of
from vip.services import designate_vip

LATER = NOW + timedelta(hours=2)
HTMX = {"HX-Request": "true"}
NEVER = re.compile(
    r"\bvip\b|\bexec\b|gold|\bP[1-5]\b|\bSLA\b|score|breach|priority|incident|assign|clock", re.I
)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_at_noon")]


@pytest.fixture
def _at_noon():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def portal(requester, as_person):
    return as_person(requester)


def address(name, ticket, *more):
    return reverse(f"portal:{name}", args=[ticket.reference, *more])


def move(ticket, to, actor, **stated):
    services.move_ticket(ticket.pk, to, actor=actor, now=NOW + timedelta(hours=1), **stated)


def say(ticket, body, actor, **stated):
    at = NOW + timedelta(hours=1)
    return services.add_comment(ticket.pk, body, actor=actor, now=at, **stated)


def photo(name="screen.jpg", content=b"jpeg"):
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


# Reporting


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


@pytest.fixture
def fields_of_the_portal(tenant):
    def made(key, label, kind, **stated):
        CustomField.objects.create(
            tenant=tenant, key=key, label=label, type=kind, is_in_portal=True, **stated
        )

    made("floor", "Floor", FieldType.CHOICE, options=["First", "Second"], is_required=True)
    made("seats", "Seats", FieldType.NUMBER)
    made("since", "Since", FieldType.DATE)
    made("loud", "Is it loud?", FieldType.BOOLEAN)
    CustomField.objects.create(tenant=tenant, key="cost", label="Cost centre")


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


# The list


def test_the_start_of_a_requester_is_the_portal(portal):
    assert portal.get("/").url == reverse("portal:home")


def test_an_empty_portal_says_so(portal):
    assert "You have reported nothing yet." in portal.get("/portal/").content.decode()


def test_open_things_come_first_then_earlier_ones_newest_first(portal, requester, technician):
    *_, third = (
        opened_for(requester, title=title, at=NOW + timedelta(minutes=minute))
        for minute, title in enumerate(["Alpha", "Beta", "Gamma"])
    )
    move(third, Status.RESOLVED, technician)
    page = portal.get("/portal/").content.decode()
    order = [page.index(word) for word in (">Open<", "Beta", "Alpha", ">Earlier<", "Gamma")]
    assert order == sorted(order)


def test_what_one_sent_for_another_is_there_for_both(portal, requester, as_person):
    boss = PersonFactory(name="Ada Boss")
    appoint_proxy(boss, requester, ["submit"], actor=boss, now=NOW)
    ticket = opened_for(boss, submitted_by=requester)
    assert "for Ada Boss" in portal.get("/portal/").content.decode()
    assert "on behalf of Ada Boss" in portal.get(address("ticket", ticket)).content.decode()
    assert "for Ada Boss" not in as_person(boss).get("/portal/").content.decode()


def test_older_ones_follow_by_keyset(portal, requester):
    for minute in range(45):
        opened_for(requester, at=NOW + timedelta(minutes=minute))
    found, url = [], "/portal/"
    while url:
        page = portal.get(url).content.decode()
        found += re.findall(r"(T-\d+) ·", page)
        follows = re.search(r'href="(/portal/\?after=[^"]+)"', page)
        url = follows and follows[1]
    assert found == [f"T-{1045 - place}" for place in range(45)]


@pytest.mark.parametrize("after", ["x", "%00", "A" * 60])
def test_a_cursor_of_something_else_leads_nowhere(after, portal):
    assert portal.get(f"/portal/?after={after}").status_code == 404


@pytest.mark.parametrize("count", [3, 30])
def test_the_list_costs_the_same_for_few_and_many(
    count, portal, requester, django_assert_num_queries
):
    for _ in range(count):
        opened_for(requester)
    with django_assert_num_queries(4):  # savepoint, person, page, release
        portal.get("/portal/")


# One report


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


# Whose it is


@pytest.mark.parametrize("name", ["ticket", "progress", "answer"])
@pytest.mark.parametrize("who", ["stranger", "outsider"])
def test_nobody_elses_report_exists(name, who, requester, outsider, as_person):
    ticket = opened_for(requester)
    other = as_person({"stranger": PersonFactory(), "outsider": outsider}[who])
    ask = other.post if name == "answer" else other.get
    assert ask(address(name, ticket), {"body": "Mine now"}).status_code == 404
    assert ticket.reference not in other.get("/portal/").content.decode()
    assert not Comment.objects.exists()


def test_anothers_file_does_not_exist(requester, as_person):
    ticket = opened_for(requester)
    sent = services.attach_file(ticket.pk, photo(), actor=requester, now=NOW)
    mine = opened_for(stranger := PersonFactory())
    for named in (ticket, mine):
        assert as_person(stranger).get(address("file", named, sent.key)).status_code == 404
    assert Attachment.objects.count() == 1


def test_a_deleted_report_is_gone(portal, requester, technician):
    ticket = opened_for(requester)
    services.delete_ticket(ticket.pk, actor=technician, now=NOW)
    assert portal.get(address("ticket", ticket)).status_code == 404


def test_in_the_portal_a_technician_is_a_requester(technician, requester, as_person):
    others, own = opened_for(requester), opened_for(technician)
    say(own, "A note about Mia", PersonFactory(role="lead"), is_internal=True)
    portal = as_person(technician)
    assert portal.get(address("ticket", others)).status_code == 404
    page = portal.get(address("ticket", own)).content.decode()
    assert "A note about Mia" not in page


# The same page for everybody


@pytest.fixture
def twins(lead, technician):
    """Return two requesters whose tickets live the same life; the second is a VIP all along."""
    ordinary, vip = PersonFactory(name="Ken Sato"), PersonFactory(name="Ken Sato")
    designate_vip({"person_id": vip.pk}, VipLevel.EXEC, reason="CFO", actor=lead, now=NOW)
    lives = [(person, live(person, lead, technician)) for person in (ordinary, vip)]
    return [(person, [t.reference for t in tickets]) for person, tickets in lives]


def live(person, lead, technician):
    waiting, solved, fresh = (
        opened_for(person, at=NOW + timedelta(minutes=minute), title=title, description="Help")
        for minute, title in enumerate(["Video wall", "Printer", "Phone"])
    )
    now = NOW + timedelta(minutes=30)
    services.assign_ticket(waiting.pk, {"assignee": technician}, actor=lead, now=now)
    is_vip = bool(waiting.vip_level)
    points = 50 if is_vip else 0
    services.set_score_part(waiting.pk, ScorePart.RISK, points, "late", actor=lead, now=now)
    say(waiting, "A VIP, hurry" if is_vip else "No hurry", lead, is_internal=True)
    say(waiting, "Which studio?", technician)
    reason = "the CFO is away" if is_vip else "no answer"
    move(waiting, Status.AWAITING_CUSTOMER, technician, reason=reason)
    move(solved, Status.RESOLVED, technician, resolution="New cable")
    return waiting, solved, fresh


def same(page, references):
    """Return a page without what names the person, the moment or the ticket."""
    for place, reference in enumerate(references):
        page = page.replace(reference, f"REFERENCE-{place}")
    page = re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": "|once" value=")\w+', r"\1", page)
    page = re.sub(r'(data-live-since=")[^"]+', r"\1", page)  # sealed anew for each page
    return re.sub(r"(person:|entry-)\d+", r"\1", page)


@pytest.mark.parametrize(
    "path",
    [
        *("/portal/", "/portal/report", "/portal/{0}", "/portal/{1}", "/portal/{2}"),
        *("/portal/{0}/progress", "/search?q=video", "/search?q={2}"),
        *("/portal/in-your-name", "/accounts/proxies", "/accounts/profile"),
    ],
)
def test_a_vip_gets_the_same_page_for_the_same_effort(path, twins, as_person):
    pages, efforts = [], []
    for person, references in twins:
        portal, url = as_person(person), path.format(*references)
        portal.get(url)  # what both share is measured once
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = portal.get(url)
        assert answer.status_code == 200
        pages.append(same(answer.content.decode(), references))
        efforts.append([re.sub(r"\d+|'[^']*'", "", query["sql"]) for query in queries])
    assert Ticket.objects.filter(vip_level=VipLevel.EXEC).count() == 3
    assert pages[0] == pages[1]
    assert efforts[0] == efforts[1]
    assert not NEVER.search(strip_tags(pages[1]))


def test_a_vips_answers_are_answered_alike(twins, as_person):
    answers = []
    for person, references in twins:
        url = f"/portal/{references[0]}/answer"
        answer = as_person(person).post(url, {"body": "Studio two"}, headers=HTMX)
        answers.append(same(answer.content.decode(), references))
    assert answers[0] == answers[1]


# How long it usually takes


@pytest.mark.parametrize(
    ("least", "most", "words"),
    [
        (0, 20, "within 1 minute"),
        (600, 2400, "in 10 to 40 minutes"),
        (3600, 7000, "in 1 to 2 hours"),
        (600, 7000, "within 2 hours"),
        (90_000, 400_000, "in 1 to 5 days"),
    ],
)
def test_a_span_in_words(least, most, words):
    assert span_words(least, most) == words


def solved_after(requester, technician, hours):
    ticket = opened_for(requester, at=NOW - timedelta(days=9))
    resolved_at = NOW - timedelta(days=9) + timedelta(hours=hours)
    Ticket.objects.filter(pk=ticket.pk).update(
        status=Status.CLOSED, resolved_at=resolved_at, closed_at=resolved_at
    )


def test_what_such_things_usually_take_is_told_from_ten_on(portal, requester, technician):
    ticket = opened_for(requester)
    for hours in range(1, 10):
        solved_after(requester, technician, hours)
    assert "usually" not in portal.get(address("ticket", ticket)).content.decode()


def test_what_such_things_usually_take_is_a_range(portal, requester, technician):
    ticket = opened_for(requester)
    for hours in range(1, 11):
        solved_after(requester, technician, hours)
    page = portal.get(address("ticket", ticket)).content.decode()
    assert "Such things are usually solved in 3 to 8 hours." in page
    with time_machine.travel(NOW + timedelta(hours=9), tick=False):
        page = portal.get(address("ticket", ticket)).content.decode()
    assert "taking longer than usual" in page


def test_another_category_says_nothing_of_this_one(portal, requester, technician):
    about = Category.objects.get(name="Network", parent=None)
    ticket = opened_for(requester, category_id=about.pk)
    for hours in range(1, 20):
        solved_after(requester, technician, hours)
    assert "usually" not in portal.get(address("ticket", ticket)).content.decode()
