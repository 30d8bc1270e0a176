"""Nobody learns of a report that is not theirs, nor who is a VIP."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from nova.accounts.choices import VipLevel
from tests.factories import NOW, PersonFactory
from tests.tickets.making import opened_for
from tests.tickets.portal.telling import HTMX, NEVER, address, move, photo, say
from tickets import services
from tickets.choices import ScorePart, Status
from tickets.models import Attachment, Comment, Ticket
from vip.services import designate_vip


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
    page = re.sub(r"person-\w+@example", "person@example", page)
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
