"""One act for many tickets of the queue."""

import re

from tests.tickets.making import opened_for
from tests.tickets.ticket_page.looking import HTMX, LATER, events_of
from tickets.choices import Status
from tickets.models import Ticket
from tickets.services import move_ticket


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
