"""The panel and the drawer: who reads what of a decision, and who decides otherwise."""

from datetime import timedelta

import pytest
import time_machine

from dispatch import cards
from dispatch.choices import Cause
from dispatch.models import Override
from dispatch.services import arrange_assignment, ask_override, assign_by_engine
from nova.accounts.choices import VipLevel
from nova.accounts.system import system_of
from tests.dispatch.making import EngineerFactory, ShiftFactory
from tests.factories import NOW, PersonFactory
from tests.forgery import without_tokens
from tests.tickets.making import opened_for
from tickets.models import Ticket

LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def first(tenant):
    person = ShiftFactory().engineer.person
    person.name = "Ada First"
    person.save()
    return person


@pytest.fixture
def other(first):
    person = ShiftFactory(engineer=EngineerFactory(capacity=100)).engineer.person
    person.name = "Ben Other"
    person.save()
    return person


@pytest.fixture
def lead(tenant):
    return PersonFactory(role="lead", name="Cleo Lead")


@pytest.fixture
def ticket(first, other):
    made = opened_for(PersonFactory(role="requester"))
    actor = system_of(made.tenant_id)
    assign_by_engine([made.pk], cause=Cause.OPENED, actor=actor, now=LATER)
    made.refresh_from_db()
    return made


def text_of(response):
    assert response.status_code == 200
    return without_tokens(response)


def test_the_panel_says_whom_the_engine_named_and_why(as_person, ticket, first):
    shown = text_of(as_person(first).get(f"/dispatch/{ticket.reference}/panel"))

    assert "Ada First" in shown
    assert "Ranks first of 2 who may have it" in shown


def test_the_panel_says_why_a_ticket_waits(as_person, first, tenant):
    made = opened_for(PersonFactory(role="requester"), at=NOW - timedelta(hours=12))
    actor = system_of(tenant.pk)
    at_night = NOW - timedelta(hours=12)
    assign_by_engine([made.pk], cause=Cause.OPENED, actor=actor, now=at_night)
    shown = text_of(as_person(first).get(f"/dispatch/{made.reference}/panel"))

    assert "It waits." in shown
    assert "1 not on duty" in shown


def test_the_drawer_counts_those_whom_it_does_not_name(as_person, ticket, first, monkeypatch):
    monkeypatch.setattr(cards, "RANKED", 1)
    with time_machine.travel(LATER, tick=False):
        shown = text_of(as_person(first).get(f"/dispatch/{ticket.reference}"))

    assert "And 1 other who may have it." in shown


def test_to_a_requester_there_is_no_such_page(as_person, ticket):
    for path in ("", "/panel"):
        answer = as_person(ticket.requester).get(f"/dispatch/{ticket.reference}{path}")
        assert answer.status_code == 403


def test_a_technician_asks_a_manager_approves(as_person, ticket, first, other, lead):
    page = f"/dispatch/{ticket.reference}"
    stated = {"chosen": other.pk, "reason": "Knows the site", "approver": lead.pk}
    assert as_person(first).post(page, stated).status_code == 302
    asked = Override.objects.get()
    assert Ticket.objects.get(pk=ticket.pk).assignee == first
    assert "Awaits approval" in text_of(as_person(lead).get(page))

    refused = as_person(first).post(f"{page}/overrides/{asked.pk}/approve")
    assert refused.status_code == 404
    as_person(lead).post(f"{page}/overrides/{asked.pk}/approve")
    assert Ticket.objects.get(pk=ticket.pk).assignee == other


@pytest.mark.parametrize("comment", ["No\0", "x" * 251])
def test_a_comment_that_cannot_be_kept_is_refused(as_person, ticket, other, lead, first, comment):
    asked = ask_override(ticket.pk, other, reason="So", approver=lead, actor=first, now=LATER)
    page = f"/dispatch/{ticket.reference}/overrides/{asked.pk}/refuse"

    assert as_person(lead).post(page, {"comment": comment}).status_code == 409
    asked.refresh_from_db()
    assert asked.status == "asked"


def test_a_wish_that_cannot_be_says_why_beside_its_form(as_person, ticket, first, lead):
    stated = {"chosen": first.pk, "reason": "So", "approver": lead.pk}
    answer = as_person(first).post(f"/dispatch/{ticket.reference}", stated)

    assert answer.status_code == 422
    assert "has it already" in answer.content.decode()


def test_the_engine_is_asked_again(as_person, ticket, first, other, lead):
    ask_override(ticket.pk, other, reason="So", approver=lead, actor=lead, now=LATER)
    answer = as_person(first).post(f"/dispatch/{ticket.reference}/ask")

    assert answer.status_code in (302, 409)  # by the real time of the test nobody may be there


@pytest.mark.parametrize("level", ["", VipLevel.GOLD])
def test_without_the_right_no_card_tells_of_vips(as_person, ticket, first, level, lead, tenant):
    """Cards of all tickets read alike: without scores, and without the gate and term of VIPs."""
    admin = PersonFactory(role="admin")
    arrange_assignment({"only_preferred_for_vips": True}, note="", actor=admin, now=NOW)
    Ticket.objects.filter(pk=ticket.pk).update(vip_level=level)
    actor = system_of(tenant.pk)
    [decision] = assign_by_engine([ticket.pk], cause=Cause.ASKED, actor=actor, now=LATER)

    assert (decision.primary is None) == bool(level)
    assert "vip" not in str(decision.card).lower()
    assert "vip" not in decision.because.lower()
    told = text_of(as_person(first).get(f"/dispatch/{ticket.reference}"))
    assert "vip" not in told.lower()
    assert "candidate-score" not in told
