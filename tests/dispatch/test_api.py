"""The engine, its cards, overrides and its policy by API."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dispatch.models import Decision, Override
from tests.dispatch.making import EngineerFactory, ShiftFactory
from tests.factories import PersonFactory
from tests.tickets.making import opened_for
from tickets.models import Ticket

BASE = "/api/support"


def always(**stated):
    """Return an engineer who is at work at any time, since a request comes at the real one."""
    engineer = EngineerFactory(**stated)
    for weekday in range(7):
        ShiftFactory(engineer=engineer, weekday=weekday, opens="00:00", closes="12:00")
        ShiftFactory(engineer=engineer, weekday=weekday, opens="12:00", closes="00:00")
    return engineer.person


@pytest.fixture
def first(tenant):
    return always()


@pytest.fixture
def ticket(first):
    return opened_for(PersonFactory(role="requester"), at=timezone.now() - timedelta(minutes=1))


def assignee_of(ticket):
    return Ticket.objects.get(pk=ticket.pk).assignee


def test_a_dry_run_decides_and_changes_nothing(api_as, ticket, first):
    stated = {"tickets": [ticket.reference], "dry_run": True}
    answer = api_as(first).post(f"{BASE}/assign", stated, format="json")

    assert answer.status_code == 200
    [result] = answer.data["results"]
    assert result["primary"] == {"id": first.pk, "name": first.name}
    assert result["because"] == "The only one who may have it."
    assert assignee_of(ticket) is None
    assert not Decision.objects.exists()


def test_the_engine_gives_tickets_out_and_its_cards_are_read(api_as, ticket, first):
    answer = api_as(first).post(f"{BASE}/assign", {"tickets": [ticket.reference]}, format="json")

    assert answer.data["results"][0]["primary"]["id"] == first.pk
    assert assignee_of(ticket) == first
    read = api_as(first).get(f"{BASE}/tickets/{ticket.reference}/assignments").data["results"]
    assert [each["cause"] for each in read] == ["asked"]
    assert read[0]["card"]["candidates"][0]["name"] == first.name


@pytest.mark.parametrize(
    ("stated", "where"),
    [
        ({}, "tickets"),
        ({"tickets": []}, "tickets"),
        ({"tickets": ["X-1"]}, "tickets.0"),
        ({"tickets": ["T-999"]}, "tickets"),
        ({"tickets": ["T-1001"], "really": True}, "really"),
    ],
)
def test_what_is_asked_wrongly_is_told_where(api_as, ticket, first, stated, where):
    answer = api_as(first).post(f"{BASE}/assign", stated, format="json")

    assert answer.status_code == 400
    assert where in answer.data["errors"]


def test_a_requester_asks_the_engine_nothing(api_as, ticket):
    client = api_as(ticket.requester)
    assert client.post(f"{BASE}/assign", {"tickets": ["T-1001"]}, format="json").status_code == 403
    assert client.get(f"{BASE}/overrides").status_code == 403
    assert client.get(f"{BASE}/tickets/{ticket.reference}/assignments").status_code == 403


def test_somebody_else_is_asked_for_and_approved(api_as, ticket, first):
    other, lead = always(), PersonFactory(role="lead")
    api_as(first).post(f"{BASE}/assign", {"tickets": [ticket.reference]}, format="json")
    held = assignee_of(ticket)
    wanted = other if held == first else first
    stated = {
        "ticket": ticket.reference,
        "engineer": wanted.pk,
        "reason": "Knows the site",
        "approved_by": lead.pk,
    }
    asked = api_as(first).post(f"{BASE}/overrides", stated, format="json")
    assert (asked.status_code, asked.data["status"]) == (201, "asked")
    assert assignee_of(ticket) == held

    path = f"{BASE}/overrides/{asked.data['id']}/approve"
    assert api_as(first).post(path).status_code == 403
    done = api_as(lead).post(path, {"comment": "Yes"}, format="json")
    assert (done.data["status"], done.data["comment"]) == ("approved", "Yes")
    assert assignee_of(ticket) == wanted
    assert api_as(lead).post(path).status_code == 409
    listed = api_as(lead).get(f"{BASE}/overrides?status=approved").data["results"]
    assert [each["id"] for each in listed] == [Override.objects.get().pk]


def test_the_policy_is_read_and_put_in_force_anew(api_as, tenant):
    admin = api_as(PersonFactory(role="admin"))
    path = f"{BASE}/assignment-policy"
    assert admin.get(path).data["number"] == 1
    stated = {"note": "More even", "weights": {"room": 60, "skill": 40}, "balance_most": 5}
    fresh = admin.patch(path, stated, format="json").data
    assert (fresh["number"], fresh["weights"], fresh["balance_most"]) == (2, stated["weights"], 5)

    for wrong, where in [
        ({"note": "x", "weights": {"luck": 3}}, "weights"),
        ({"note": "x", "weights": {"room": 101}}, "weights"),
        ({"note": "x", "balance_most": 0}, "balance_most"),
        ({"weights": {"room": 1}}, "note"),
    ]:
        answer = admin.patch(path, wrong, format="json")
        assert (answer.status_code, list(answer.data["errors"])) == (400, [where])
    assert api_as(PersonFactory(role="lead")).get(path).status_code == 403


def test_the_balancer_says_what_it_would_move_and_moves_it(api_as, ticket, first):
    lead, path = api_as(PersonFactory(role="lead")), f"{BASE}/assign/balance"
    told = lead.post(path, {}, format="json").data
    assert (told["dry_run"], told["moves"], told["left_over"]) == (True, 1, 0)
    [move] = told["results"]
    assert (move["ticket"], move["from"], move["to"]["id"]) == (ticket.reference, None, first.pk)
    assert (move["reason"], assignee_of(ticket)) == ("drained", None)

    assert lead.post(path, {"dry_run": False}, format="json").data["moves"] == 1
    assert assignee_of(ticket) == first
    assert lead.post(path, {}, format="json").data["moves"] == 0
    [done] = lead.get(path).data["results"]
    assert (done["moves"], done["left_over"], done["policy"]) == (1, 0, 1)
    assert [api_as(first).get(path).status_code, api_as(first).post(path).status_code] == [403] * 2
