"""How it was: one answer for each ticket, by link, in the portal and by API."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from nova.accounts.services import appoint_proxy, deactivate_person
from nova.events.consumers import consume
from nova.events.models import EventRecord
from nova.notifications.models import Delivery
from nova.tenancy import fence
from tests.factories import NOW, PersonFactory, TenantFactory
from tests.tickets.making import opened_for
from tickets import services, survey
from tickets.choices import Status
from tickets.models import Rating, Ticket
from tickets.services.rating import RatingRefused

LATER = NOW + timedelta(hours=2)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _then():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def solved(requester, technician):
    return resolved(opened_for(requester), technician)


def resolved(ticket, by, at=NOW + timedelta(hours=1)):
    services.assign_ticket(ticket.pk, {"assignee": by}, actor=by, now=at)
    return services.move_ticket(ticket.pk, Status.RESOLVED, actor=by, now=at)


def link(ticket, person):
    return survey.link_for(ticket, person).removeprefix("http://127.0.0.1:8000")


def test_a_rating_is_kept_and_told(solved, requester):
    services.rate_ticket(solved.pk, 4, "Quick", actor=requester, now=LATER)
    rating, event = Rating.objects.get(), EventRecord.objects.get(name="tickets.TicketRated")
    assert (rating.score, rating.comment, rating.rated_by) == (4, "Quick", requester)
    assert event.payload == {"ticket_id": solved.pk, "score": 4, "before": 0}


def test_within_a_day_it_is_changed_and_after_that_it_stays(solved, requester):
    services.rate_ticket(solved.pk, 2, actor=requester, now=LATER)
    later = LATER + DAY - timedelta(seconds=1)
    services.rate_ticket(solved.pk, 5, actor=requester, now=later)
    with pytest.raises(RatingRefused):
        services.rate_ticket(solved.pk, 1, actor=requester, now=LATER + DAY)
    rating = Rating.objects.get()
    assert (rating.score, rating.rated_at) == (5, LATER)
    told = EventRecord.objects.filter(name="tickets.TicketRated").order_by("pk")
    assert [fact.payload["before"] for fact in told] == [0, 2]


def test_what_is_not_solved_is_not_rated_and_a_reopened_ticket_is_not_asked_twice(
    solved, requester, technician
):
    services.rate_ticket(solved.pk, 2, actor=requester, now=LATER)
    at = LATER + 3 * DAY
    services.move_ticket(solved.pk, Status.REOPENED, actor=requester, now=at)
    with pytest.raises(RatingRefused, match="not solved"):
        services.rate_ticket(solved.pk, 5, actor=requester, now=at)
    resolved(solved, technician, at=at + DAY)
    with pytest.raises(RatingRefused, match="more than a day"):
        services.rate_ticket(solved.pk, 5, actor=requester, now=at + DAY)
    assert survey.asked_by_mail(Ticket.objects.get(), at + DAY) == set()


def test_the_database_knows_one_rating_of_a_ticket(solved, requester):
    services.rate_ticket(solved.pk, 4, actor=requester, now=LATER)
    rating = Rating.objects.get()
    rating.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        rating.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
def test_answers_at_the_same_time_are_one():
    tenant = TenantFactory()
    with fence.inside(tenant.pk):
        person, worker = PersonFactory(), PersonFactory(role="technician")
        ticket = resolved(opened_for(person), worker)

    def rate(score):
        with fence.inside(tenant.pk):
            services.rate_ticket(ticket.pk, score, actor=person, now=LATER)
        connection.close()

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(rate, range(1, 6)))
    with fence.inside(tenant.pk):
        told = EventRecord.objects.filter(name="tickets.TicketRated").order_by("pk")
        before = [fact.payload["before"] for fact in told]
        assert Rating.objects.count() == 1
        assert sorted(before)[0] == 0
        assert sum(score == 0 for score in before) == 1


def test_the_mail_of_a_solution_asks_those_who_may_answer(requester, technician, tenant):
    views, speaks = PersonFactory(), PersonFactory()
    appoint_proxy(requester, views, ["view"], actor=requester, now=NOW)
    appoint_proxy(requester, speaks, ["view", "reply"], actor=requester, now=NOW)
    resolved(opened_for(requester), technician)
    consume(tenant.pk, now=LATER)
    told = Delivery.objects.filter(template="tickets/mail/resolved", channel="email")
    asked = {d.address for d in told if "/portal/rate/" in d.text}
    assert {d.address for d in told} == {requester.email, views.email, speaks.email}
    assert asked == {requester.email, speaks.email}
    assert not Delivery.objects.filter(channel="in_app", text__contains="/rate/").exists()


def test_a_link_asks_without_signing_in_and_looking_changes_nothing(solved, requester, client):
    url = link(solved, requester)
    page = client.get(url)
    assert page.status_code == 200
    assert "noindex" in page["X-Robots-Tag"]
    assert solved.title in page.content.decode()
    assert not Rating.objects.exists()
    assert client.head(url).status_code == 405
    answer = client.post(url, {"stars": "5", "comment": "Thanks"})
    assert "Thank you for your answer." in answer.content.decode()
    assert Rating.objects.get().rated_by == requester


def test_a_link_says_what_is_missing(solved, requester, client):
    answer = client.post(link(solved, requester), {"comment": "Thanks"})
    assert answer.status_code == 422
    assert "Choose one of the five." in answer.content.decode()


@pytest.mark.parametrize("score", ["0", "6", "-1", "five", "4.5", ""])
def test_no_other_score_is_taken(score, solved, requester, client):
    assert client.post(link(solved, requester), {"stars": score}).status_code == 422
    assert not Rating.objects.exists()


def test_a_link_that_was_tampered_with_says_so(solved, requester, client):
    url = link(solved, requester)
    for wrong in (url[:-1] + ("A" if url[-1] != "A" else "B"), url.replace("/rate/", "/rate/x")):
        answer = client.get(wrong)
        assert answer.status_code == 404
        assert "This link does not work" in answer.content.decode()
    other = signing.dumps([solved.tenant_id, solved.pk, requester.pk], salt="another")
    assert client.post(reverse("portal:rate_by_link", args=[other])).status_code == 404


def test_an_expired_link_says_so(solved, requester, client):
    url = link(solved, requester)
    with time_machine.travel(LATER + survey.GOOD_FOR + timedelta(seconds=1), tick=False):
        answer = client.post(url, {"stars": "5"})
    assert answer.status_code == 410
    assert "thirty days" in answer.content.decode()
    assert not Rating.objects.exists()


def test_who_may_not_answer_any_more_is_not_asked(solved, requester, technician, client):
    stranger = PersonFactory()
    assert client.get(link(solved, stranger)).status_code == 404
    assert client.get(link(solved, technician)).status_code == 404
    url = link(solved, requester)
    deactivate_person(requester.pk, actor=PersonFactory(role="admin"), now=LATER)
    assert client.get(url).status_code == 404


def test_a_link_stays_within_its_tenant(solved, requester, outsider, as_person):
    browser = as_person(outsider)
    assert browser.post(link(solved, requester), {"stars": "4"}).status_code == 200
    assert Rating.objects.get().tenant_id == solved.tenant_id
    crossed = signing.dumps([outsider.tenant_id, solved.pk, requester.pk], salt=survey.SALT)
    assert browser.get(reverse("portal:rate_by_link", args=[crossed])).status_code == 404


def test_a_link_used_too_often_is_slowed_down(solved, requester, client):
    url = link(solved, requester)
    statuses = [client.get(url).status_code for _ in range(31)]
    assert statuses == [200] * 30 + [429]


def test_the_portal_asks_once_it_is_solved(requester, technician, as_person):
    portal, ticket = as_person(requester), opened_for(requester)
    url = reverse("portal:ticket", args=[ticket.reference])
    assert "How was it?</legend>" not in portal.get(url).content.decode()
    resolved(ticket, technician)
    page = portal.get(url).content.decode()
    assert len(re.findall(r'type="radio"', page)) == 5
    answer = portal.post(f"{url}/rate", {"stars": "4", "comment": "Quick"})
    assert answer.url == url
    page = portal.get(url).content.decode()
    assert "Good, 4 of 5." in page
    assert "Change it" in page
    with time_machine.travel(LATER + 2 * DAY, tick=False):
        assert 'type="radio"' not in portal.get(url).content.decode()
        assert portal.post(f"{url}/rate", {"stars": "1"}).status_code == 409


def test_who_stands_for_somebody_answers_in_their_name(solved, requester, as_person):
    assistant, views = PersonFactory(name="Aylin Kaya"), PersonFactory()
    appoint_proxy(requester, assistant, ["view", "reply"], actor=requester, now=NOW)
    appoint_proxy(requester, views, ["view"], actor=requester, now=NOW)
    url = reverse("portal:rate", args=[solved.reference])
    assert as_person(views).post(url, {"stars": "1"}).status_code == 403
    assert as_person(assistant).post(url, {"stars": "5"}).status_code == 302
    event = EventRecord.objects.get(name="tickets.TicketRated")
    assert (event.actor, event.on_behalf_of) == (assistant, requester)
    told = as_person(requester).get(reverse("portal:in_my_name")).content.decode()
    assert "rated for you how it was" in told


def test_the_desk_reads_it_and_never_gives_it(solved, requester, technician, api_as, as_person):
    path = f"/api/support/tickets/{solved.reference}"
    assert api_as(technician).post(f"{path}/rating", {"score": 5}).status_code == 403
    assert api_as(requester).get(f"{path}/rating").status_code == 404
    given = api_as(requester).post(f"{path}/rating", {"score": 5, "comment": "Quick"})
    assert (given.status_code, given.json()["score"]) == (200, 5)
    assert api_as(technician).get(path).json()["rating"]["comment"] == "Quick"
    assert "rating" not in api_as(requester).get(path).json()
    page = as_person(technician).get(f"/tickets/{solved.reference}").content.decode()
    assert "5 of 5" in page
    assert "rated it 5 of 5" in page


def test_who_did_the_work_does_not_judge_it(technician, lead, api_as):
    own = resolved(opened_for(technician), technician)
    url = f"/api/support/tickets/{own.reference}/rating"
    assert api_as(technician).post(url, {"score": 5}).status_code == 403
    services.assign_ticket(own.pk, {"assignee": lead}, actor=lead, now=LATER)
    assert api_as(technician).post(url, {"score": 5}).status_code == 200


@pytest.mark.parametrize("stated", [{}, {"score": 6}, {"score": True}, {"score": 5, "x": 1}])
def test_bad_input_is_named(stated, solved, requester, api_as):
    url = f"/api/support/tickets/{solved.reference}/rating"
    answer = api_as(requester).post(url, stated)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_a_duplicate_is_not_asked_about(requester, technician):
    ticket, into = opened_for(requester), opened_for(requester)
    services.merge_ticket(ticket.pk, into.pk, actor=technician, now=NOW)
    with pytest.raises(RatingRefused, match="duplicate"):
        services.rate_ticket(ticket.pk, 3, actor=requester, now=LATER)


def rated(requester, technician, *scores):
    for score in scores:
        ticket = resolved(opened_for(requester), technician)
        if score:
            services.rate_ticket(ticket.pk, score, actor=requester, now=LATER)


def satisfaction(person, api_as, **days):
    asked = {"since": "2026-03-03", "until": "2026-03-03", **days}
    return api_as(person).get("/api/support/tickets/satisfaction", asked)


def test_csat_is_the_share_of_four_and_five_with_its_response_rate(
    requester, technician, lead, api_as
):
    rated(requester, technician, 5, 4, 3, 1, 5, 0, 0, 0)
    assert satisfaction(lead, api_as).json() == {
        "solved": 8,
        "answered": 5,
        "csat": 0.6,
        "response_rate": 0.625,
        "by": "team",
        "lines": [
            {"name": "", "solved": 8, "answered": 5, "csat": 0.6, "response_rate": 0.625},
        ],
    }
    other_days = satisfaction(lead, api_as, since="2026-03-01", until="2026-03-02").json()
    assert (other_days["solved"], other_days["response_rate"]) == (0, None)


def test_of_four_answers_nothing_is_told(requester, technician, lead, api_as):
    rated(requester, technician, 5, 4, 3, 1)
    assert satisfaction(lead, api_as).json()["csat"] is None


def test_satisfaction_is_for_those_who_may_read_it(requester, technician, outsider, api_as):
    rated(requester, technician, 5, 5, 5, 5, 5)
    assert satisfaction(PersonFactory(role="manager"), api_as).json()["csat"] == 1
    assert satisfaction(outsider, api_as).json()["solved"] == 0
    for person in (technician, requester):
        assert satisfaction(person, api_as).status_code == 403


@pytest.mark.parametrize(
    "days",
    [{"since": ""}, {"until": "2026-02-01"}, {"since": "1800-01-01"}, {"x": "1"}, {"by": "vip"}],
)
def test_a_period_that_is_none_is_named(days, lead, api_as):
    assert satisfaction(lead, api_as, **days).status_code == 400
