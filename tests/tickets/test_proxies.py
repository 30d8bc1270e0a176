"""Who acts for somebody on tickets: what they see, what they may, and who learns of it."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.html import strip_tags

from nova.accounts.identity import person_by_id
from nova.accounts.services import appoint_proxy, dismiss_proxy
from nova.events.consumers import consume
from nova.events.models import EventRecord
from nova.notifications.models import Delivery
from tests.factories import NOW, PersonFactory, RoleFactory
from tests.tickets.making import opened_for
from tickets import services
from tickets.choices import Status
from tickets.live import ticket_topic
from tickets.models import Comment, Ticket
from vip.services import designate_vip, reassess

API = "/api/support/tickets"
LATER = NOW + timedelta(hours=2)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_later")]


@pytest.fixture
def _later():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def person(tenant):
    return PersonFactory(name="Maria Ruiz")


@pytest.fixture
def proxy(tenant):
    return PersonFactory(name="Ana Osei")


@pytest.fixture
def let(person, proxy):
    """Return a way to let the proxy act in some scopes."""

    def appoint(*scopes, **terms):
        return appoint_proxy(person, proxy, scopes, actor=person, now=NOW, **terms)

    return appoint


@pytest.fixture
def ticket(person):
    return opened_for(person)


def on_behalf(person):
    """Return who did what in somebody's name, in order."""
    records = EventRecord.objects.filter(on_behalf_of=person).order_by("pk")
    return [(record.actor.name, record.name.partition(".")[2]) for record in records]


def references(answer):
    return [row["reference"] for row in answer.json()["results"]]


# Seeing


@pytest.mark.parametrize(
    ("scopes", "seen"),
    [
        pytest.param([], set(), id="no proxy"),
        pytest.param(["view"], {"theirs", "sent"}, id="view"),
        pytest.param(["submit"], {"sent"}, id="submit"),
        pytest.param(["reply", "approve"], {"sent"}, id="neither"),
    ],
)
def test_who_sees_what(scopes, seen, let, person, proxy, api_as, as_person):
    made = {"theirs": opened_for(person), "sent": opened_for(person, submitted_by=proxy)}
    opened_for(PersonFactory(), submitted_by=person)  # not the proxy's proxy
    opened_for(PersonFactory())
    if scopes:
        let(*scopes)
    expected = {made[name].reference for name in seen}
    assert set(references(api_as(proxy).get(API))) == expected
    assert set(references(api_as(proxy).get(f"{API}/search?q=laptop"))) == expected
    home = as_person(proxy).get("/portal/").content.decode()
    found = as_person(proxy).get("/search?q=laptop").content.decode()
    for ticket in Ticket.objects.all():
        is_there = ticket.reference in expected
        assert (ticket.reference in home, ticket.reference in found) == (is_there, is_there)
        status = 200 if is_there else 404
        assert api_as(proxy).get(f"{API}/{ticket.reference}").status_code == status
        assert as_person(proxy).get(f"/portal/{ticket.reference}").status_code == status
        topic = ticket_topic(person_by_id(proxy.pk), ticket.reference)
        assert topic == (f"ticket.{ticket.pk}.public" if is_there else None)


@pytest.mark.parametrize("how", ["dismissed", "ended", "not begun"])
def test_it_is_over_when_it_is_over(how, let, person, proxy, ticket, api_as):
    sent = opened_for(person, submitted_by=proxy)
    terms = {"ended": {"ends_at": LATER}, "not begun": {"starts_at": LATER + timedelta(days=1)}}
    made = let("view", "submit", "reply", **terms.get(how, {}))
    if how == "dismissed":
        dismiss_proxy(made.pk, actor=person, now=LATER)
    program = api_as(proxy)
    assert references(program.get(API)) == []
    for one in (ticket, sent):
        assert ticket_topic(person_by_id(proxy.pk), one.reference) is None
        assert program.get(f"{API}/{one.reference}").status_code == 404
    told = {"title": "x", "requester": person.email}
    assert program.post(API, told, format="json").status_code == 400


def test_who_may_open_for_others_follows_what_they_sent(person, api_as):
    reception = PersonFactory(role="requester")
    role = RoleFactory(permissions=["tickets.open_ticket", "tickets.open_for_others"])
    reception.grants.create(role=role, tenant_id=reception.tenant_id)
    told = {"title": "Badge is lost", "requester": person.email}
    made = api_as(reception).post(API, told, format="json").json()
    assert references(api_as(reception).get(API)) == [made["reference"]]


def test_the_proxy_sees_what_the_person_sees_and_no_more(
    let, person, proxy, technician, lead, api_as, as_person
):
    ticket = opened_for(person)
    designate_vip({"person_id": person.pk}, "exec", reason="Board", actor=lead, now=NOW)
    reassess([person.pk], actor=lead, now=NOW)
    services.add_comment(ticket.pk, "Which one?", actor=technician, now=NOW)
    note = services.add_comment(ticket.pk, "Hush", is_internal=True, actor=technician, now=NOW)
    secret = SimpleUploadedFile("secret.txt", b"hush")
    services.attach_file(
        ticket.pk, secret, comment=note, is_internal=True, actor=technician, now=NOW
    )
    let("view")
    one = f"{API}/{ticket.reference}"
    for path in (
        *(API, one, f"{one}/comments", f"{one}/activities", f"{one}/attachments"),
        *(f"{one}/watchers", f"{one}/clocks", f"{one}/time-tracking", f"{API}/search?q=laptop"),
        f"{API}?vip=true",
    ):
        theirs, own = api_as(proxy).get(path), api_as(person).get(path)
        assert (theirs.status_code, theirs.content) == (own.status_code, own.content), path
    page = strip_tags(as_person(proxy).get(f"/portal/{ticket.reference}").content.decode())
    assert "Which one?" in page
    assert "Hush" not in page
    assert "Exec" not in page
    assert as_person(proxy).get(f"/tickets/{ticket.reference}").status_code == 302


@pytest.mark.parametrize("count", [3, 30])
def test_a_list_over_several_people_costs_the_same_for_few_and_many(
    count, let, person, proxy, as_person, django_assert_num_queries
):
    let("view")
    for _ in range(count):
        other = PersonFactory()
        appoint_proxy(other, proxy, ["view"], actor=other, now=NOW)
        opened_for(other)
    portal = as_person(proxy)
    with django_assert_num_queries(4):  # savepoint, person, page, release
        portal.get("/portal/")


# Reporting


def test_the_portal_asks_for_whom_and_reports_for_them(let, person, proxy, as_person):
    let("submit", "view")
    portal = as_person(proxy)
    page = portal.get("/portal/report").content.decode()
    assert "For whom?" in page
    told = {"title": "Wall is dark", "urgency": "high", "requester": person.pk}
    answer = portal.post("/portal/report", {**told, "attachments": SimpleUploadedFile("a", b"a")})
    ticket = Ticket.objects.get()
    assert answer.url == f"/portal/{ticket.reference}"
    assert (ticket.requester, ticket.submitted_by) == (person, proxy)
    assert on_behalf(person) == [("Ana Osei", "TicketOpened"), ("Ana Osei", "FileAttached")]
    page = strip_tags(portal.get(answer.url).content.decode())
    assert "This is for Maria Ruiz." in page


@pytest.mark.parametrize("scopes", [(), ("view", "reply", "approve")])
def test_who_reports_for_nobody_is_not_asked(scopes, let, person, proxy, as_person):
    if scopes:
        let(*scopes)
    portal = as_person(proxy)
    assert "For whom?" not in portal.get("/portal/report").content.decode()
    told = {"title": "Wall is dark", "urgency": "high", "requester": person.pk}
    portal.post("/portal/report", told)
    assert Ticket.objects.get().requester == proxy


def test_nobody_else_can_be_chosen(let, person, proxy, as_person):
    let("submit")
    told = {"title": "Wall is dark", "urgency": "high", "requester": PersonFactory().pk}
    assert as_person(proxy).post("/portal/report", told).status_code == 422
    told["requester"] = ""
    as_person(proxy).post("/portal/report", told)
    assert Ticket.objects.get().requester == proxy


def test_the_api_takes_whom_it_is_for(let, person, proxy, api_as):
    let("submit")
    told = {"title": "Wall is dark", "requester": person.email}
    made = api_as(proxy).post(API, told, format="json")
    assert made.status_code == 201
    assert (made.json()["requester"]["name"], made.json()["on_behalf"]) == ("Maria Ruiz", True)
    assert made.json()["submitted_by"]["name"] == "Ana Osei"


def test_whom_one_may_not_report_for_is_as_nobody(let, person, proxy, api_as):
    let("view", "reply")
    answers = [
        api_as(proxy).post(API, {"title": "x", "requester": who}, format="json")
        for who in (person.email, PersonFactory().pk, "nobody@example.com", 99999999)
    ]
    assert {answer.status_code for answer in answers} == {400}
    assert len({answer.content for answer in answers}) == 1
    own = api_as(proxy).post(API, {"title": "x", "requester": proxy.pk}, format="json")
    assert own.status_code == 201


# Answering


@pytest.mark.parametrize("way", ["portal", "api"])
def test_an_answer_in_ones_name_is_theirs_and_bears_both_names(
    way, let, person, proxy, ticket, technician, api_as, as_person
):
    let("view", "reply")
    waits = {"reason": "Which one?", "actor": technician, "now": NOW}
    services.move_ticket(ticket.pk, Status.AWAITING_CUSTOMER, **waits)
    if way == "portal":
        as_person(proxy).post(f"/portal/{ticket.reference}/answer", {"body": "The left one"})
    else:
        told = {"body": "The left one"}
        api_as(proxy).post(f"{API}/{ticket.reference}/comments", told, format="json")
    comment = Comment.objects.get()
    assert (comment.author, comment.on_behalf_of) == (proxy, person)
    assert EventRecord.objects.get(name="tickets.CommentAdded").payload["is_theirs"] is True
    assert on_behalf(person) == [("Ana Osei", "CommentAdded"), ("Ana Osei", "TicketMoved")]
    ticket.refresh_from_db()
    assert ticket.status == Status.IN_PROGRESS
    [said] = api_as(person).get(f"{API}/{ticket.reference}/comments").json()["results"]
    assert (said["author"]["name"], said["on_behalf_of"]["name"]) == ("Ana Osei", "Maria Ruiz")
    page = as_person(person).get(f"/portal/{ticket.reference}").content.decode()
    assert "on behalf of you" in page
    assert "Here Ana Osei acted in your name." in page


@pytest.mark.parametrize("way", ["portal", "api"])
@pytest.mark.parametrize(
    ("verdict", "to"), [("solved", Status.CLOSED), ("unsolved", Status.REOPENED)]
)
def test_a_proxy_confirms_and_reopens(
    way, verdict, to, let, person, proxy, ticket, technician, api_as, as_person
):
    let("view", "reply")
    services.move_ticket(ticket.pk, Status.RESOLVED, actor=technician, now=NOW)
    if way == "portal":
        told = {"verdict": verdict, "body": "Still dark"}
        as_person(proxy).post(f"/portal/{ticket.reference}/answer", told)
    else:
        api_as(proxy).post(f"{API}/{ticket.reference}/transitions", {"to": to}, format="json")
    ticket.refresh_from_db()
    assert ticket.status == to
    assert on_behalf(person)[-1] == ("Ana Osei", "TicketMoved")


@pytest.mark.parametrize("scopes", [("view",), ("view", "submit"), ("view", "approve")])
def test_who_may_only_follow_does_no_more(
    scopes, let, proxy, ticket, technician, api_as, as_person
):
    let(*scopes)
    services.move_ticket(ticket.pk, Status.RESOLVED, actor=technician, now=NOW)
    one, program, portal = f"{API}/{ticket.reference}", api_as(proxy), as_person(proxy)
    page = portal.get(f"/portal/{ticket.reference}").content.decode()
    assert "To answer it is for Maria Ruiz" in page
    assert "<textarea" not in page
    refused = [
        portal.post(f"/portal/{ticket.reference}/answer", {"body": "x", "verdict": "solved"}),
        program.post(f"{one}/comments", {"body": "x"}, format="json"),
        program.post(f"{one}/transitions", {"to": "closed"}, format="json"),
        program.post(
            f"{one}/attachments", {"file": SimpleUploadedFile("a", b"a")}, format="multipart"
        ),
    ]
    assert [answer.status_code for answer in refused] == [403] * 4
    ticket.refresh_from_db()
    assert ticket.status == Status.RESOLVED


def test_the_desk_answers_as_the_desk_also_for_whom_it_stands(person, ticket, technician, api_as):
    appoint_proxy(person, technician, ["view", "reply"], actor=person, now=NOW)
    one = f"{API}/{ticket.reference}"
    api_as(technician).post(f"{one}/comments", {"body": "On it"}, format="json")
    event = EventRecord.objects.get(name="tickets.CommentAdded")
    assert event.on_behalf_of is None
    assert event.payload == event.payload | {"is_theirs": False, "is_response": True}


# Who learns of it


def mails(tenant):
    consume(tenant.pk, now=LATER)
    sent = Delivery.objects.filter(channel="email").order_by("pk")
    return [(row.recipient.name, row.template.rpartition("/")[2]) for row in sent]


def test_the_person_and_who_may_see_it_are_told_each_once(
    tenant, let, person, proxy, technician, api_as
):
    let("view")
    let("submit", "view", ends_at=LATER + timedelta(days=1))
    helper = PersonFactory(name="Only submits")
    appoint_proxy(person, helper, ["submit", "reply"], actor=person, now=NOW)
    ticket = opened_for(person, submitted_by=proxy)
    services.add_comment(ticket.pk, "On it", actor=technician, now=LATER)
    services.move_ticket(ticket.pk, Status.RESOLVED, actor=technician, now=LATER)
    both = [
        (name, told)
        for told in ("received", "replied", "resolved")
        for name in ("Maria Ruiz", "Ana Osei")
    ]
    assert mails(tenant) == both


def test_who_sent_it_is_told_as_long_as_they_act(tenant, let, person, proxy, technician):
    made = let("submit")
    ticket = opened_for(person, submitted_by=proxy)
    mails(tenant)
    dismiss_proxy(made.pk, actor=person, now=NOW + timedelta(minutes=1))
    services.add_comment(ticket.pk, "On it", actor=technician, now=LATER)
    expected = [("Maria Ruiz", "received"), ("Ana Osei", "received"), ("Maria Ruiz", "replied")]
    assert mails(tenant) == expected


def test_words_in_ones_name_go_to_the_desk_and_not_back(tenant, let, person, proxy, ticket):
    let("view", "reply")
    said = {"on_behalf_of": person, "actor": proxy, "now": LATER}
    services.add_comment(ticket.pk, "The left one", **said)
    assert "replied" not in dict(mails(tenant)).values()


def test_the_activity_says_for_whom(let, person, proxy, ticket, technician, as_person, api_as):
    let("view", "reply")
    services.move_ticket(ticket.pk, Status.RESOLVED, actor=technician, now=NOW)
    moved = {"on_behalf_of": person, "actor": proxy, "now": LATER}
    services.move_ticket(ticket.pk, Status.REOPENED, **moved)
    desk = as_person(technician)
    for path in (f"/tickets/{ticket.reference}/activity", f"/tickets/{ticket.reference}"):
        words = " ".join(strip_tags(desk.get(path).content.decode()).split())
        assert "Ana Osei for Maria Ruiz moved it from Resolved to Reopened" in words
    told = api_as(person).get(f"{API}/{ticket.reference}/activities").json()["results"]
    assert told[-1]["on_behalf_of"] == {"id": person.pk, "name": "Maria Ruiz"}


# Done in your name


def test_the_person_reads_what_was_done_in_their_name(let, person, proxy, technician, as_person):
    let("view", "submit", "reply")
    portal = as_person(proxy)
    told = {"title": "Wall is dark", "urgency": "high", "requester": person.pk}
    here = portal.post("/portal/report", told).url
    ticket = Ticket.objects.get()
    file = SimpleUploadedFile("wall.png", b"a")
    portal.post(f"{here}/answer", {"body": "Left", "attachments": file})
    services.move_ticket(ticket.pk, Status.RESOLVED, actor=technician, now=LATER)
    portal.post(f"{here}/answer", {"verdict": "unsolved", "body": "No"})
    services.move_ticket(ticket.pk, Status.RESOLVED, actor=technician, now=LATER)
    portal.post(f"{here}/answer", {"verdict": "solved"})
    page = " ".join(
        strip_tags(as_person(person).get("/portal/in-your-name").content.decode()).split()
    )
    acts = [
        *("said for you that it is solved", "said for you that it is not solved"),
        *("answered for you", "sent wall.png for you", "answered for you", "reported it for you"),
    ]
    assert [page.count(words) for words in set(acts)] == [acts.count(w) for w in set(acts)]
    assert "Wall is dark" in page
    assert page.index("is solved") < page.index("reported it")
    assert "Wall is dark" not in portal.get("/portal/in-your-name").content.decode()


@pytest.mark.parametrize("count", [3, 30])
def test_what_was_done_costs_the_same_for_few_and_many(
    count, let, person, proxy, as_person, django_assert_num_queries
):
    let("view", "reply")
    for _ in range(count):
        said = {"on_behalf_of": person, "actor": proxy, "now": LATER}
        services.add_comment(opened_for(person).pk, "Left", **said)
    reader = as_person(person)
    with django_assert_num_queries(6):  # savepoint, person, acts, tickets, actors, release
        page = reader.get("/portal/in-your-name").content.decode()
    assert page.count("answered for you") == count


def test_older_ones_follow(let, person, proxy, ticket, as_person):
    for _ in range(35):
        said = {"on_behalf_of": person, "actor": proxy, "now": LATER}
        services.add_comment(ticket.pk, "Left", **said)
    reader = as_person(person)
    first = reader.get("/portal/in-your-name")
    older = reader.get(f"/portal/in-your-name?after={first.context['next']}")
    assert [len(page.context["acts"]) for page in (first, older)] == [30, 5]
    assert reader.get("/portal/in-your-name?after=x").status_code == 404


def test_nothing_done_is_said(person, as_person):
    page = as_person(person).get(reverse("portal:in_my_name")).content.decode()
    assert "Nobody did anything in your name." in page
