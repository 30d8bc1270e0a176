"""Imported tickets get the clocks that their history would have made, and nobody is told."""

from datetime import UTC, datetime, timedelta

import pytest

from nova.events.models import EventRecord
from sla.choices import Metric
from sla.models import Clock, LedgerEntry
from sla.rules import standing
from sla.services import clock_arrivals, sweep
from tests.factories import NOW, PersonFactory
from tests.sla.living import clock, folded, promise
from tests.tickets.making import opened_for
from tests.tickets.servicenow import Imported, event, life, log_of, moved
from tickets import services as tickets
from tickets.models import StageVisit, Ticket
from tickets.services.importing import Arrival

OPENED = datetime(2016, 2, 29, 1, 16, tzinfo=UTC)


@pytest.fixture
def imported(tenant, tmp_path):
    """Return a way to import a log into the tenant."""
    return lambda lines: Imported(log_of(tmp_path, lines), tenant, tmp_path / "report.csv")


def ticket():
    return Ticket.objects.get(external_ref="INC0000045")


def at(day, hour, minute):
    return datetime(2016, 3, day, hour, minute, tzinfo=UTC)


def verdict(made):
    return made.state, made.ended_at, made.due_at, made.breached_at


def hours(count):
    return OPENED + timedelta(hours=count)


@pytest.mark.parametrize(
    ("response", "resolution", "state", "late"),
    [
        (48, 48, "met", (False, False)),
        (2, 48, "breached", (True, False)),
        (2, 8, "breached", (True, True)),
    ],
)
def test_clocks_have_the_verdict_that_the_history_gives(
    imported, response, resolution, state, late
):
    promise(resolution * 60, response=response * 60)
    imported(life())
    answer, solution = clock(ticket(), Metric.RESPONSE), clock(ticket())

    answer_due, solution_due = hours(response), hours(resolution)
    assert verdict(answer) == (
        "stopped",
        at(1, 5, 30),
        answer_due,
        answer_due if late[0] else None,
    )
    assert verdict(solution) == (
        "stopped",
        at(1, 11, 29),
        solution_due,
        solution_due if late[1] else None,
    )
    assert ticket().sla_state == state


def test_waiting_does_not_count_and_a_reopening_goes_on(imported):
    promise(60 * 40)
    imported(
        [
            event(),
            moved(1, "01:16", "Awaiting User Info"),
            moved(2, "01:16", "Active"),
            moved(2, "05:16", "Resolved"),
            moved(4, "05:16", "Active", reopen_count="1"),
            moved(4, "08:16", "Resolved", reopen_count="1"),
        ]
    )

    assert clock(ticket()).counted_seconds == (24 + 4 + 3) * 3600
    assert [
        row.kind for row in LedgerEntry.objects.filter(metric="resolution").order_by("pk")
    ] == [
        "started",
        "paused",
        "resumed",
        "stopped",
        "reopened",
        "stopped",
    ]


def test_what_is_still_open_runs_on_and_its_old_breach_is_dated(imported, tenant):
    promise(60 * 8)
    imported([event(), moved(1, "05:30", "Active")])

    assert (clock(ticket()).state, clock(ticket()).breached_at) == ("running", hours(8))
    assert (ticket().sla_state, ticket().queue_at) == ("breached", hours(8))
    assert clock(ticket()).next_action_at is None


def test_nobody_is_told_of_what_is_long_past(imported, tenant):
    promise(60 * 8)
    imported([event(), moved(1, "05:30", "Active")])
    actor = PersonFactory(role="technician")

    assert sweep(tenant.pk, actor=actor, now=NOW) == 0
    assert not EventRecord.objects.filter(name__startswith="sla.Clock").exists()


def test_later_events_carry_the_clocks_on(imported):
    promise(60 * 48)
    imported(life()[:2])
    halfway = [(made.metric, made.state) for made in Clock.objects.order_by("metric")]
    imported(life())

    assert halfway == [("resolution", "running"), ("response", "stopped")]
    assert clock(ticket()).state == "stopped"
    assert folded(ticket(), Metric.RESOLUTION, NOW) == (standing(clock(ticket()).cycle(), NOW),)


def test_a_second_run_adds_nothing_to_the_ledger(imported):
    imported(life())
    before = list(LedgerEntry.objects.order_by("pk").values())
    imported(life())

    assert list(LedgerEntry.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("reopen", ["continue", "new_cycle", "as_if_never_stopped"])
def test_looking_back_gives_the_clocks_that_living_it_gave(tenant, reopen):
    policy = promise(90, response=5, reopen=reopen)
    technician = PersonFactory(role="technician")
    lived = opened_for(PersonFactory(role="requester"))
    stages = [
        "in_progress",
        "awaiting_customer",
        "in_progress",
        "resolved",
        "reopened",
        "resolved",
    ]
    for place, stage in enumerate(stages, start=1):
        then = NOW + timedelta(minutes=25 * place)
        tickets.move_ticket(lived.pk, stage, actor=technician, now=then, reason="So it was")
    twin = Ticket.objects.get(pk=lived.pk)
    twin.pk, twin.number = None, 7
    twin.save()
    for visit in StageVisit.objects.filter(ticket=lived).order_by("pk"):
        visit.pk, visit.ticket = None, twin
        visit.save()
    clock_arrivals([Arrival(twin, [], is_new=True)], now=NOW + timedelta(days=1))

    assert shown(twin) == shown(lived)
    assert policy.name in {made.policy_name for made in Clock.objects.filter(ticket=twin)}


def shown(of):
    kept = ["metric", "number", "state", "counted_seconds", "ended_at", "due_at", "breached_at"]
    return list(Clock.objects.filter(ticket=of).order_by("metric", "number").values(*kept))


@pytest.mark.parametrize("count", [2, 20])
def test_an_import_costs_the_same_queries_for_few_and_many(
    tenant, django_assert_num_queries, count
):
    person = PersonFactory(role="technician")
    drafts = [opened_for(person) for _ in range(count)]
    arrivals = [Arrival(copied(ticket_), [], is_new=True) for ticket_ in drafts]
    with django_assert_num_queries(9):
        clock_arrivals(arrivals, now=NOW)


def copied(ticket_):
    """Return a twin of a ticket that has no clocks."""
    ticket_.pk, ticket_.number = None, ticket_.number + 1000
    ticket_.save()
    return ticket_
