"""What the page of a ticket tells to whom, and what of it is new."""

from datetime import timedelta

import pytest
import time_machine

from nova.events.base import Event
from nova.events.models import EventRecord
from nova.live.consumers import groups_of
from nova.live.topics import resolve
from tests.factories import NOW, PersonFactory
from tests.forgery import TOKEN
from tests.tickets.making import opened_for
from tests.tickets.ticket_page.looking import HTMX, LATER, at, page
from tickets.choices import Status
from tickets.models import Comment, Seen
from tickets.sentences import SENTENCES
from tickets.services import add_comment, assign_ticket, edit_ticket, move_ticket
from vip.services import designate_vip

PAGE_QUERIES = 15
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


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
