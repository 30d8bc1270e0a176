"""One change to many tickets: every rule, one fact of each, and few statements."""

import pytest

from nova.events.models import EventRecord
from nova.tenancy import fence
from tests.events.conftest import at_once
from tests.factories import NOW, PersonFactory, TeamFactory, TenantFactory
from tests.tickets.making import opened_for
from tickets import services
from tickets.models import StageVisit, Ticket

__all__ = ["at_once"]

TOGETHER = {"urgency": "high", "to": "acknowledged", "reason": "Storm"}


def edited(tickets, changes, actor):
    return services.edit_many([t.pk for t in tickets], changes, actor=actor, now=NOW)


def facts_of(*names):
    records = EventRecord.objects.filter(name__in=[f"tickets.{name}" for name in names])
    return list(records.order_by("pk").values_list("name", "subject_id"))


def test_those_that_refuse_stay_wholly_as_they_were_and_say_why(lead, requester):
    tickets = [opened_for(requester) for _ in range(5)]
    services.move_ticket(tickets[1].pk, "resolved", actor=lead, now=NOW)
    services.delete_ticket(tickets[3].pk, actor=lead, now=NOW)
    before = list(Ticket.objects.filter(pk__in=[tickets[1].pk, tickets[3].pk]).values())
    refused = edited(tickets, {**TOGETHER, "assignee": lead}, lead)

    assert refused == {
        tickets[
            1
        ].reference: f"{tickets[1].reference} is Resolved and cannot become Acknowledged.",
        tickets[3].reference: f"{tickets[3].reference} is deleted. Restore it first.",
    }
    assert before == list(Ticket.objects.filter(pk__in=[tickets[1].pk, tickets[3].pk]).values())
    changed = Ticket.objects.filter(pk__in=[tickets[n].pk for n in (0, 2, 4)])
    assert set(changed.values_list("status", "priority", "assignee", "version")) == {
        ("acknowledged", 2, lead.pk, 4)
    }


def test_each_ticket_has_one_fact_of_each_change_in_the_order_of_tickets(lead, requester):
    tickets = [opened_for(requester) for _ in range(4)]
    edited(reversed(tickets), {**TOGETHER, "team": TeamFactory()}, lead)

    for name in ("TicketEdited", "TicketAssigned", "TicketMoved"):
        assert facts_of(name) == [(f"tickets.{name}", ticket.pk) for ticket in tickets]


def test_what_is_so_already_is_no_change_and_no_fact(lead, requester):
    tickets = [opened_for(requester, urgency=level) for level in ("high", "low", "high")]
    refused = edited(tickets, {"urgency": "high", "assignee": None}, lead)

    assert refused == {}
    assert facts_of("TicketEdited", "TicketAssigned") == [("tickets.TicketEdited", tickets[1].pk)]
    versions = Ticket.objects.order_by("pk").values_list("version", flat=True)
    assert list(versions) == [1, 2, 1]


@pytest.mark.parametrize("count", [3, 300])
def test_many_cost_the_same_queries_as_few(lead, requester, django_assert_num_queries, count):
    people = PersonFactory.create_batch(2, role="technician")
    tickets = [opened_for(requester) for _ in range(count)]
    edited(tickets[::2], {"assignee": people[0]}, lead)
    edited(tickets[1::2], {"assignee": people[1]}, lead)
    with django_assert_num_queries(
        31
    ):  # two of them read the steps of the version, once per process
        refused = edited(tickets, {**TOGETHER, "assignee": lead}, lead)

    assert refused == {}


@pytest.fixture
def desk(transactional_db):
    """Return a lead and tickets in a database that several connections share."""
    made = TenantFactory()
    with fence.inside(made.pk):
        requester = PersonFactory()
        return PersonFactory(role="lead"), [opened_for(requester) for _ in range(30)]


def test_two_bulk_edits_and_single_ones_at_once_lose_nothing_and_wait_for_nobody_in_a_ring(
    desk, at_once
):
    lead, tickets = desk

    def inside(verb):
        with fence.inside(lead.tenant_id):
            return verb()

    def one_by_one():
        for ticket in reversed(tickets):
            inside(
                lambda ticket=ticket: services.edit_ticket(
                    ticket.pk, {"location": "Roof"}, actor=lead, now=NOW
                )
            )

    work = [
        lambda: inside(lambda: edited(tickets, {"urgency": "high"}, lead)),
        lambda: inside(lambda: edited(reversed(tickets), {"assignee": lead}, lead)),
        lambda: inside(lambda: edited(tickets, {"to": "acknowledged"}, lead)),
        one_by_one,
    ]
    at_once(lambda act: act(), work)

    with fence.inside(lead.tenant_id):
        found = Ticket.objects.values_list("urgency", "assignee", "status", "location", "version")
        assert set(found) == {("high", lead.pk, "acknowledged", "Roof", 5)}
        assert StageVisit.objects.filter(left_at=None).count() == len(tickets)
        assert len(facts_of("TicketEdited", "TicketAssigned", "TicketMoved")) == 4 * len(tickets)
