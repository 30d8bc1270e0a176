"""The balancer at work: it drains, takes back and evens out, and each move is a decision."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from dispatch.balancing.facts import Limits
from dispatch.choices import Cause
from dispatch.events import LoadBalanced
from dispatch.models import BalanceRun, Decision, Engineer
from dispatch.services import (
    arrange_assignment,
    assign_by_engine,
    balance,
    balancing,
    current_policy,
    plan_balance,
)
from dispatch.services.balancing import limits_of
from nova.accounts.system import system_of
from nova.events.models import EventRecord
from nova.tenancy import fence
from tests.dispatch.making import EngineerFactory, ShiftFactory
from tests.factories import NOW, PersonFactory, TenantFactory
from tests.locks import closing
from tests.tickets.making import opened_for
from tickets.models import Ticket
from tickets.services import add_comment, assign_ticket, move_ticket

LATER = NOW + timedelta(minutes=1)
MUCH_LATER = NOW + timedelta(minutes=45)
IN_THE_EVENING = NOW + timedelta(hours=9)


@pytest.fixture
def requester(tenant):
    return PersonFactory(role="requester")


@pytest.fixture
def on_duty(tenant):
    def make(**stated):
        return ShiftFactory(engineer=EngineerFactory(**stated)).engineer.person

    return make


def balanced(tenant, now):
    return balance(tenant.pk, actor=system_of(tenant.pk), now=now)


def decide(ticket, now=LATER):
    actor = system_of(ticket.tenant_id)
    return assign_by_engine([ticket.pk], cause=Cause.OPENED, actor=actor, now=now)


def assignee_of(ticket):
    return Ticket.objects.get(pk=ticket.pk).assignee


def test_what_waits_is_given_out_when_somebody_comes(requester, on_duty, tenant):
    person, before = on_duty(), NOW - timedelta(hours=12)
    ticket = opened_for(requester, at=before)
    assert balanced(tenant, before) is None  # nobody is there
    run = balanced(tenant, LATER)

    assert (run.moves, run.left_over) == (1, 0)
    assert assignee_of(ticket) == person
    decision = Decision.objects.get()
    assert (decision.cause, decision.run, decision.primary) == (Cause.DRAINED, run, person)
    assert decision.because == "It waited, and there is room now."
    assert EventRecord.objects.filter(name=LoadBalanced.name).count() == 1
    assert balanced(tenant, LATER) is None  # it is at rest


def test_what_nobody_acknowledged_is_passed_on_once(requester, on_duty, tenant):
    first, other = on_duty(), on_duty()
    ticket = opened_for(requester)
    decide(ticket)
    assert assignee_of(ticket) == first
    balanced(tenant, MUCH_LATER)

    assert assignee_of(ticket) == other
    moved = Decision.objects.latest("pk")
    assert (moved.cause, moved.taken_from) == (Cause.TAKEN_BACK, first)
    assert moved.because == "It was not acknowledged in 44 min."
    assert balanced(tenant, MUCH_LATER + timedelta(minutes=40)) is None  # never back and forth


def test_what_a_round_moved_is_not_moved_back_whoever_started_it(requester, on_duty, tenant):
    first, other = on_duty(), on_duty()
    ticket = opened_for(requester)
    decide(ticket)
    assert assignee_of(ticket) == first
    balance(tenant.pk, actor=PersonFactory(role="lead"), now=MUCH_LATER)

    assert assignee_of(ticket) == other
    assert balanced(tenant, MUCH_LATER + timedelta(minutes=40)) is None


def test_what_somebody_is_at_stays_with_them(requester, on_duty, tenant):
    first, _other = on_duty(), on_duty()
    ticket = opened_for(requester)
    decide(ticket)
    add_comment(ticket.pk, "I look at it", actor=first, now=MUCH_LATER - timedelta(minutes=5))

    assert balanced(tenant, MUCH_LATER) is None
    assert assignee_of(ticket) == first


def test_what_lies_with_who_takes_no_work_any_more_waits_or_goes_on(requester, on_duty, tenant):
    gone = on_duty()
    ticket = opened_for(requester)
    decide(ticket)
    Engineer.objects.filter(person=gone).update(takes_work=False)
    on_duty()
    Engineer.objects.exclude(person=gone).update(capacity=50)  # no room for it
    balanced(tenant, IN_THE_EVENING)

    assert assignee_of(ticket) is None
    assert Ticket.objects.get(pk=ticket.pk).backup is None
    moved = Decision.objects.latest("pk")
    assert (moved.primary, moved.taken_from) == (None, gone)


def test_a_run_moves_no_more_than_it_may_and_says_what_it_left(requester, on_duty, tenant):
    on_duty()
    admin = PersonFactory(role="admin")
    arrange_assignment({"balance_most": 2}, note="", actor=admin, now=NOW)
    for _ in range(5):
        opened_for(requester)
    run = balanced(tenant, LATER)

    assert (run.moves, run.left_over) == (2, 3)
    assert Ticket.objects.filter(assignee=None).count() == 3


@pytest.mark.parametrize("switch", ["is_automatic", "is_balanced"])
def test_a_desk_may_switch_it_off(requester, on_duty, tenant, switch):
    first, _other = on_duty(), on_duty()
    ticket = opened_for(requester)
    decide(ticket)
    admin = PersonFactory(role="admin")
    arrange_assignment({switch: False}, note="", actor=admin, now=NOW)

    assert balanced(tenant, MUCH_LATER) is None
    assert assignee_of(ticket) == first


def test_a_plan_changes_nothing(requester, on_duty, tenant):
    on_duty()
    ticket = opened_for(requester)
    planned = plan_balance(tenant.pk, now=LATER)

    assert [move.ticket for move in planned.plan.moves] == [ticket.pk]
    assert assignee_of(ticket) is None
    assert not BalanceRun.objects.exists()


def test_what_a_person_gave_on_purpose_is_not_moved_for_mere_balance(requester, on_duty, tenant):
    first = on_duty(capacity=400)
    lead = PersonFactory(role="lead")
    for _ in range(4):
        ticket = opened_for(requester)
        assign_ticket(ticket.pk, {"assignee": first}, actor=lead, now=LATER)
    on_duty(capacity=400)

    assert balanced(tenant, LATER + timedelta(minutes=5)) is None


def test_what_others_acknowledged_before_is_not_acknowledged_by_who_has_it_now(
    requester, on_duty, tenant
):
    first, second = on_duty(), on_duty()
    ticket = opened_for(requester)
    decide(ticket)
    move_ticket(ticket.pk, "acknowledged", actor=first, now=LATER)
    Engineer.objects.filter(person=first).update(takes_work=False)
    balanced(tenant, LATER + timedelta(minutes=100))
    assert assignee_of(ticket) == second

    third = on_duty()
    balanced(tenant, LATER + timedelta(minutes=100 + 121))
    assert assignee_of(ticket) == third


def test_what_somebody_gave_back_is_not_theirs_again_at_once(requester, on_duty, tenant):
    first = on_duty()
    ticket = opened_for(requester)
    decide(ticket)
    assign_ticket(ticket.pk, {"assignee": None}, actor=first, now=LATER)

    assert balanced(tenant, LATER + timedelta(minutes=1)) is None
    other = on_duty()
    balanced(tenant, LATER + timedelta(minutes=2))
    assert assignee_of(ticket) == other


@pytest.mark.parametrize("is_there", [True, False])
def test_what_a_person_gave_to_somebody_away_waits_for_them(requester, on_duty, tenant, is_there):
    """Or an approved override would be undone within a minute."""
    first = on_duty()
    ShiftFactory(engineer=first.engineer, weekday=2)
    lead, night = PersonFactory(role="lead"), EngineerFactory()
    ShiftFactory(engineer=night, opens="00:00", closes="23:59")
    ticket = opened_for(requester)
    given_at = NOW if is_there else IN_THE_EVENING
    assign_ticket(ticket.pk, {"assignee": first}, actor=lead, now=given_at)
    Ticket.objects.filter(pk=ticket.pk).update(status="acknowledged")
    balanced(tenant, IN_THE_EVENING + timedelta(minutes=1))

    assert assignee_of(ticket) == (night.person if is_there else first)


def test_what_changed_between_the_look_and_the_lock_is_left_with_what_hangs_on_it(
    requester, on_duty, tenant, monkeypatch
):
    on_duty()
    tickets = [opened_for(requester) for _ in range(3)]
    look = balancing.plan_balance

    def look_away(*args, **named):
        planned = look(*args, **named)
        add_comment(tickets[1].pk, "Wait", actor=requester, now=LATER)
        return planned

    monkeypatch.setattr(balancing, "plan_balance", look_away)
    run = balanced(tenant, LATER)

    assert (run.moves, run.left_over) == (1, 2)
    assert [assignee_of(each) is None for each in tickets] == [False, True, True]


@pytest.mark.parametrize("count", [3, 30])
def test_a_plan_costs_the_same_for_few_and_many(
    requester, on_duty, tenant, count, django_assert_num_queries
):
    people = [on_duty(capacity=9000) for _ in range(count)]
    for number in range(count):
        ticket = opened_for(requester)
        Ticket.objects.filter(pk=ticket.pk).update(assignee=people[number])
    plan_balance(tenant.pk, now=LATER)
    with django_assert_num_queries(20):
        plan_balance(tenant.pk, now=LATER)


@pytest.mark.django_db(transaction=True)
def test_rounds_at_once_move_each_ticket_once_and_exceed_no_capacity():
    tenant = TenantFactory()
    with fence.inside(tenant.pk):
        requester = PersonFactory(role="requester")
        for _ in range(2):
            ShiftFactory(engineer=EngineerFactory(capacity=300))
        for _ in range(9):
            opened_for(requester)

    def work(_):
        with fence.inside(tenant.pk):
            balance(tenant.pk, actor=system_of(tenant.pk), now=LATER)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: closing(work, number), range(4)))

    with fence.inside(tenant.pk):
        people = Engineer.objects.values_list("person", flat=True)
        assert [Ticket.objects.filter(assignee=each).count() for each in people] == [3, 3]
        assert Decision.objects.count() == 6


def test_the_rules_own_limits_are_those_of_a_new_policy(tenant):
    assert limits_of(current_policy(tenant.pk, NOW)) == Limits()
