"""What one does with a ticket on its page: take, assign, move, watch, time, delete."""

import pytest

from nova.accounts.models import TeamMembership
from tests.factories import TeamFactory
from tests.tickets.ticket_page.looking import HTMX, LATER, at, events_of, newest, page, withdraw
from tickets.choices import Status
from tickets.models import Ticket
from tickets.services import assign_ticket, delete_ticket, move_ticket


@pytest.mark.parametrize(
    ("verb", "act", "word"),
    [
        ("assign_ticket", "assign", ">Assign<"),
        ("move_ticket", "stage", ">Acknowledge<"),
        ("edit_ticket", "facts/impact", "Change Impact"),
        ("delete_ticket", "delete", ">Delete"),
    ],
)
def test_an_act_that_is_not_allowed_is_hidden_and_refused(verb, act, word, desk, ticket):
    withdraw(f"tickets.{verb}")

    assert word not in page(desk, ticket)
    assert desk.get(at(ticket, act)).status_code == 403
    assert desk.post(at(ticket, act), {"value": "high"}).status_code == 403


def test_taking_a_ticket_assigns_and_acknowledges_it(desk, technician, ticket):
    answer = desk.post(at(ticket, "take"), headers=HTMX)

    ticket.refresh_from_db()
    assert answer.status_code == 204
    assert events_of(answer) == {"nova:toast", "nova:acted", "nova:close-dialog"}
    assert (ticket.assignee, ticket.status) == (technician, Status.ACKNOWLEDGED)


def test_a_ticket_that_a_colleague_took_is_not_taken_away(desk, colleague, ticket):
    assign_ticket(ticket.pk, {"assignee": colleague}, actor=colleague, now=LATER)

    answer = desk.post(at(ticket, "take"), headers=HTMX)

    assert answer.status_code == 409
    assert answer.content.decode() == f"Mia Ruiz has taken {ticket.reference} already."


def test_people_are_chosen_by_team(desk, colleague, ticket):
    team = TeamFactory(name="Broadcast Ops")
    TeamMembership.objects.create(tenant_id=team.tenant_id, team=team, person=colleague)

    shown = page(desk, ticket, "assign")

    assert '<optgroup label="Broadcast Ops">' in shown
    assert "Mia Ruiz" in shown
    assert "Rob Ray</option>" not in shown


def test_assigning_sets_assignee_backup_and_team(desk, technician, colleague, ticket):
    team = TeamFactory()
    stated = {
        "assignee": colleague.pk,
        "backup": technician.pk,
        "team": team.pk,
        "reason": "Knows",
    }

    answer = desk.post(at(ticket, "assign"), stated)

    ticket.refresh_from_db()
    assert answer.status_code == 302
    assert (ticket.assignee, ticket.backup, ticket.team) == (colleague, technician, team)


def test_assigning_to_oneself_is_one_button(desk, technician, ticket):
    desk.post(at(ticket, "assign"), {"to_me": "1"}, headers=HTMX)

    ticket.refresh_from_db()
    assert ticket.assignee == technician


@pytest.mark.parametrize("who", ["requester", "colleague_twice"])
def test_who_cannot_work_on_it_is_no_choice(who, desk, requester, colleague, ticket):
    stated = {
        "requester": {"assignee": requester.pk},
        "colleague_twice": {"assignee": colleague.pk, "backup": colleague.pk},
    }[who]

    answer = desk.post(at(ticket, "assign"), stated, headers=HTMX)

    assert answer.status_code == 422


def test_an_assignment_over_an_unseen_one_says_what_changed(desk, lead, colleague, ticket):
    seen = newest(desk, ticket)
    assign_ticket(ticket.pk, {"assignee": lead}, actor=lead, now=LATER)
    stated = {"assignee": colleague.pk, "after": seen}

    asked = desk.post(at(ticket, "assign"), stated, headers=HTMX)
    shown = asked.content.decode()
    after = shown.partition('name="after" value="')[2].partition('"')[0]
    done = desk.post(at(ticket, "assign"), {**stated, "after": after}, headers=HTMX)

    assert asked.status_code == 422
    assert "<b>Lee Park</b> took it" in shown
    assert done.status_code == 204
    ticket.refresh_from_db()
    assert ticket.assignee == colleague


@pytest.mark.parametrize(
    ("stated", "field", "value"),
    [
        ({"to": "acknowledged"}, "status", "acknowledged"),
        ({"to": "awaiting_customer", "reason": "A photo"}, "awaiting_reason", "A photo"),
        ({"to": "resolved", "resolution": "New cable"}, "resolution", "New cable"),
        (
            {"to": "resolved", "resolution": "x", "resolution_code": "workaround"},
            "resolution_code",
            "workaround",
        ),
    ],
)
def test_a_stage_takes_its_words(stated, field, value, desk, ticket):
    stated = {"resolution_code": "solved", **stated}

    answer = desk.post(at(ticket, "stage"), stated, headers=HTMX)

    ticket.refresh_from_db()
    assert answer.status_code == 204
    assert getattr(ticket, field) == value


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({"to": "awaiting_dependency"}, "Say what it waits for."),
        ({"to": "resolved"}, "Say what helped"),
        ({"to": "closed"}, "It cannot go there"),
        ({}, "This field is required."),
    ],
)
def test_a_stage_that_lacks_something_is_asked_again(stated, said, desk, ticket):
    answer = desk.post(at(ticket, "stage"), stated, headers=HTMX)

    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_only_what_may_follow_is_offered(desk, ticket):
    move_ticket(ticket.pk, Status.RESOLVED, actor=ticket.requester, now=LATER)

    shown = page(desk, ticket, "stage")

    assert 'value="closed"' in shown
    assert 'value="reopened"' in shown
    assert 'value="diagnosing"' not in shown


def test_watching_begins_and_ends(desk, technician, ticket):
    desk.post(at(ticket, "watch"), headers=HTMX)
    assert "Stop watching" in page(desk, ticket)

    desk.post(at(ticket, "watch"), {"watch": "off"}, headers=HTMX)
    assert "Stop watching" not in page(desk, ticket)


def test_deleting_asks_by_name_and_can_be_undone(as_person, lead, ticket):
    desk = as_person(lead)

    assert f"Delete {ticket.reference}?" in page(desk, ticket, "delete")
    deleted = desk.post(at(ticket, "delete"), headers=HTMX)
    gone = page(desk, ticket)
    desk.post(at(ticket, "restore"))

    assert deleted.headers["HX-Redirect"] == "/pulse/"
    assert f"{ticket.reference} is deleted." in gone
    assert Ticket.objects.get(pk=ticket.pk).deleted_at is None


def test_a_deleted_ticket_is_gone_for_a_technician(desk, lead, ticket):
    delete_ticket(ticket.pk, actor=lead, now=LATER)

    assert desk.get(at(ticket)).status_code == 404


def test_recorded_time_is_listed_with_its_sum(desk, ticket):
    answer = desk.post(at(ticket, "time"), {"minutes": "75", "note": "Cable"}, headers=HTMX)

    shown = page(desk, ticket, "side")
    assert answer.status_code == 204
    assert "Cable" in shown
    assert "1 h 15" in shown


def test_time_that_is_no_time_is_asked_again(desk, ticket):
    answer = desk.post(at(ticket, "time"), {"minutes": "0"}, headers=HTMX)

    assert answer.status_code == 422


@pytest.mark.parametrize("act", ["assign", "stage", "delete", "facts/title"])
def test_a_dialog_is_a_page_without_javascript(act, as_person, lead, ticket):
    shown = page(as_person(lead), ticket, act)

    assert "<!doctype html>" in shown
    assert f'href="{at(ticket)}"' in shown
