"""Every list and sweep reads its index in order: what it costs does not grow with the table."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nova.accounts.models import TeamMembership, User
from nova.accounts.services import appoint_proxy
from nova.events.models import EventRecord
from sla.models import Clock
from sla.services import sweep
from tests.factories import NOW, PersonFactory, TeamFactory
from tests.tickets.making import opened_for
from tickets.choices import SlaState, Status
from tickets.models import Ticket

API = "/api/support/tickets"
MANY = 3000
IS_OPEN = 10  # one in so many
pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def lead(tenant):
    return PersonFactory(role="lead")


@pytest.fixture
def requester(lead):
    return PersonFactory()


@pytest.fixture(autouse=True)
def _many_tickets(tenant, lead, requester):
    team = TeamFactory()
    TeamMembership.objects.create(tenant=tenant, team=team, person=lead)
    requesters = [requester, *PersonFactory.create_batch(39)]
    Ticket.objects.bulk_create(
        _ticket(n, tenant, lead, requesters[n % 40], team) for n in range(MANY)
    )
    _analyse()


def _ticket(n, tenant, assignee, requester, team):
    is_open = n % IS_OPEN == 0
    place = n // IS_OPEN
    return Ticket(
        tenant=tenant,
        number=5000 + n,
        title=f"Printer {uuid4().hex} jams",
        requester=requester,
        submitted_by=requester,
        assignee=None if place % 3 == 0 else assignee,
        team=team if place % 4 == 0 else None,
        status=Status.NEW if is_open else Status.CLOSED,
        status_since=NOW,
        resolved_at=None if is_open else NOW,
        opened_at=NOW + timedelta(seconds=n),
        updated_at=NOW,
        queue_at=NOW + timedelta(seconds=MANY - n),
        sla_state=SlaState.AT_RISK if place % 5 == 0 else SlaState.RUNNING,
        vip_level="gold" if place % 7 == 0 else "",
        vip_priority_score=200 if place % 7 == 0 else 0,
    )


def _analyse():
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE tickets_ticket, sla_clock, events_eventrecord")


def plans_of(queries, table):
    """Return the plan of each query that reads a page of `table`."""
    found = []
    with connection.cursor() as cursor:
        for query in queries:
            sql = query["sql"]
            if sql.startswith("SELECT") and f'FROM "{table}"' in sql and "LIMIT" in sql:
                cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
                found.append(cursor.fetchone()[0][0]["Plan"])
    return found


def nodes_of(plan):
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes_of(below)


def indexes_of(plans):
    return {
        node["Index Name"] for plan in plans for node in nodes_of(plan) if "Index Name" in node
    }


def kinds_of(plans):
    return {node["Node Type"] for plan in plans for node in nodes_of(plan)}


@pytest.mark.parametrize(
    ("path", "indexes"),
    [
        pytest.param(API, {"ticket_list"}, id="list"),
        pytest.param(f"{API}?order=newest", {"ticket_by_opening"}, id="newest"),
        pytest.param("/pulse/rows?view=all", {"ticket_queue"}, id="queue"),
        pytest.param("/pulse/rows?view=mine", {"ticket_queue_mine"}, id="mine"),
        pytest.param("/pulse/rows?view=team", {"ticket_queue_team"}, id="team"),
        pytest.param("/pulse/rows?view=unassigned", {"ticket_queue_unassigned"}, id="unassigned"),
        pytest.param("/pulse/rows?view=risk", {"ticket_queue_risk"}, id="at risk"),
        pytest.param("/pulse/rows?view=vip", {"ticket_queue_vip"}, id="VIP"),
    ],
)
def test_a_list_reads_its_index_in_order(path, indexes, lead, as_person, api_as):
    client = api_as(lead) if path.startswith(API) else as_person(lead)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
    plans = plans_of(queries.captured_queries, "tickets_ticket")

    assert answer.status_code == 200
    assert indexes_of(plans) == indexes
    assert not kinds_of(plans) & {"Sort", "Incremental Sort", "Seq Scan"}


def test_the_second_page_starts_where_the_first_ended(lead, api_as):
    program = api_as(lead)
    link = program.get(API).json()["next"]
    with CaptureQueriesContext(connection) as queries:
        program.get(link.removeprefix("http://testserver"))
    plans = plans_of(queries.captured_queries, "tickets_ticket")

    assert indexes_of(plans) == {"ticket_list"}
    assert not kinds_of(plans) & {"Sort", "Incremental Sort", "Seq Scan"}


def test_a_requesters_list_reads_no_tickets_but_theirs(requester, api_as):
    with CaptureQueriesContext(connection) as queries:
        api_as(requester).get(API)
    plans = plans_of(queries.captured_queries, "tickets_ticket")

    assert all("requester" in name or "submit" in name for name in indexes_of(plans))
    assert "Seq Scan" not in kinds_of(plans)


@pytest.mark.parametrize("scopes", [["view"], ["submit"]])
def test_a_proxys_list_reads_no_tickets_but_theirs(scopes, tenant, requester, api_as, as_person):
    person = User.objects.get(tickets__number=5001)
    appoint_proxy(person, requester, scopes, actor=person, now=NOW)
    proxy = as_person(requester), api_as(requester)
    with CaptureQueriesContext(connection) as queries:
        for client, path in zip(proxy, ("/portal/", API), strict=True):
            assert client.get(path).status_code == 200
    plans = plans_of(queries.captured_queries, "tickets_ticket")

    assert len(plans) == 2
    # How the few people beside them are read is the planner's affair.
    of_tickets = {name for name in indexes_of(plans) if name.startswith("ticket")}
    assert set() < of_tickets <= {"ticket_of_requester", "ticket_of_submitter"}
    assert not any(
        node["Node Type"] == "Seq Scan" and node["Relation Name"] == "tickets_ticket"
        for plan in plans
        for node in nodes_of(plan)
    )


def test_what_was_done_in_ones_name_reads_its_index_in_order(tenant, lead, requester, as_person):
    fact = {"tenant": tenant, "name": "tickets.TicketOpened", "subject": "ticket", "payload": {}}
    EventRecord.objects.bulk_create(
        EventRecord(
            **fact,
            subject_id=n,
            actor=lead,
            on_behalf_of=requester if n % 50 == 0 else None,
            occurred_at=NOW,
        )
        for n in range(MANY)
    )
    _analyse()
    reader = as_person(requester)
    with CaptureQueriesContext(connection) as queries:
        assert reader.get("/portal/in-your-name").status_code == 200
    plans = plans_of(queries.captured_queries, "events_eventrecord")

    assert indexes_of(plans) == {"event_on_behalf"}
    assert not kinds_of(plans) & {"Sort", "Seq Scan"}


def test_a_search_for_a_rare_word_reads_only_what_has_it(lead, api_as):
    word = Ticket.objects.values_list("title", flat=True)[MANY // 2].split()[1]
    with CaptureQueriesContext(connection) as queries:
        answer = api_as(lead).get(f"{API}/search?q={word}")
    plans = plans_of(queries.captured_queries, "tickets_ticket")

    assert len(answer.json()["results"]) == 1
    assert indexes_of(plans) == {"ticket_text"}


def test_the_sweep_reads_only_clocks_that_are_due(tenant, lead, requester):
    for n in range(20):
        opened_for(requester, at=NOW + timedelta(days=n))
    clocks = list(Clock.objects.all())
    for cycle in range(2, 100):  # as if each had been reopened so often
        for clock in clocks:
            clock.pk, clock.number = None, cycle
        Clock.objects.bulk_create(clocks)
    _analyse()
    with CaptureQueriesContext(connection) as queries:
        sweep(tenant.pk, actor=lead, now=NOW + timedelta(hours=2), limit=10)
    plans = plans_of(queries.captured_queries[:4], "sla_clock")

    assert "clock_next_action" in indexes_of(plans)


def test_the_feed_reads_on_in_its_sequence(tenant, lead, api_as):
    fact = {"tenant": tenant, "name": "tickets.TicketMoved", "subject": "ticket", "payload": {}}
    EventRecord.objects.bulk_create(
        EventRecord(**fact, sequence=n, subject_id=n, actor=lead, occurred_at=NOW)
        for n in range(1, MANY)
    )
    _analyse()
    with CaptureQueriesContext(connection) as queries:
        api_as(lead).get("/api/support/events?after=1000&limit=50")
    plans = plans_of(queries.captured_queries, "events_eventrecord")

    assert indexes_of(plans) == {"event_sequence_unique"}
    assert not kinds_of(plans) & {"Sort", "Incremental Sort", "Seq Scan"}
