"""Tickets are given to whom the engine names; each decision stays, and no capacity is exceeded."""

from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta

import pytest
from django.db import DatabaseError, transaction

from dispatch.choices import Cause
from dispatch.events import TicketDecided
from dispatch.models import Decision, Engineer, RoutingModel, SkillNeed
from dispatch.services import (
    arrange_assignment,
    assign_by_engine,
    balance,
    carrying,
    recommend,
)
from nova.accounts.models import Service, Team, TeamMembership
from nova.accounts.system import system_of
from nova.events.consumers import consume
from nova.events.models import EventRecord
from nova.notifications.models import Delivery
from nova.tenancy import fence
from tests.dispatch.making import EngineerFactory, ShiftFactory, SkillFactory
from tests.factories import NOW, PersonFactory, TenantFactory
from tests.locks import closing
from tests.tickets.making import opened_for
from tickets.choices import Level, Status
from tickets.models import Ticket
from tickets.services import assign_ticket, move_ticket

LATER = NOW + timedelta(minutes=1)
LOW, HIGH = ({"impact": level, "urgency": level} for level in (Level.LOW, Level.HIGH))


@pytest.fixture
def requester(tenant):
    return PersonFactory(role="requester")


@pytest.fixture
def on_duty(tenant):
    """Return a way to have somebody at work."""

    def make(**stated):
        engineer = EngineerFactory(**stated)
        ShiftFactory(engineer=engineer)
        return engineer

    return make


def decide(*tickets, cause=Cause.OPENED, now=LATER):
    actor = system_of(tickets[0].tenant_id)
    return assign_by_engine([t.pk for t in tickets], cause=cause, actor=actor, now=now)


def test_a_fresh_ticket_has_primary_and_backup_and_a_card(requester, on_duty):
    first, second = on_duty(), on_duty()
    ticket = opened_for(requester)
    consume(ticket.tenant_id, now=LATER)

    ticket.refresh_from_db()
    assert (ticket.assignee, ticket.backup) == (first.person, second.person)
    decision = Decision.objects.get()
    assert (decision.primary, decision.backup) == (first.person, second.person)
    assert decision.because == "Ranks first of 2 who may have it, and was idle longest."
    assert [each["person"] for each in decision.card["candidates"]] == [
        first.person_id,
        second.person_id,
    ]
    assert decision.secret["order"] == [first.person_id, second.person_id]
    first.refresh_from_db()
    assert first.last_given_at == decision.at


def test_the_next_one_goes_to_who_has_less(requester, on_duty):
    people = {on_duty().person, on_duty().person}
    tickets = [opened_for(requester), opened_for(requester)]
    for ticket in tickets:
        decide(ticket)

    assert {Ticket.objects.get(pk=each.pk).assignee for each in tickets} == people


def test_a_ticket_waits_visibly_and_the_lead_is_told_where_nobody_may_have_it(requester, tenant):
    lead = PersonFactory(role="lead")
    team = Team.objects.create(tenant=tenant, name="Network", lead=lead)
    EngineerFactory()
    ticket = opened_for(requester, team_id=team.pk)
    consume(tenant.pk, now=LATER)

    decision = Decision.objects.get()
    assert decision.primary is None
    assert decision.because == "Nobody of 1 may have it: 1 not on duty."
    [refused] = decision.card["refused"]
    assert [gate["gate"] for gate in refused["gates"]] == ["on_duty", "team"]
    told = Delivery.objects.filter(template="dispatch/mail/waiting")
    assert {each.recipient for each in told} == {lead}
    assert "Nobody of 1 may have it" in told[0].text
    ticket.refresh_from_db()
    assert ticket.assignee is None


def test_a_desk_without_engineers_is_left_alone(requester):
    ticket = opened_for(requester)
    consume(ticket.tenant_id, now=LATER)

    assert not Decision.objects.exists()
    assert recommend(ticket, LATER) is None
    assert balance(ticket.tenant_id, actor=requester, now=LATER) is None


def test_what_only_recommends_gives_nothing(requester, on_duty):
    engineer = on_duty()
    admin = PersonFactory(role="admin")
    arrange_assignment({"is_automatic": False}, note="A trial", actor=admin, now=NOW)
    ticket = opened_for(requester)
    consume(ticket.tenant_id, now=LATER)

    ticket.refresh_from_db()
    assert ticket.assignee is None
    assert Decision.objects.get().primary == engineer.person
    [event] = EventRecord.objects.filter(name=TicketDecided.name)
    assert event.payload["is_carried_out"] is False


def test_somebody_who_asks_is_answered_also_for_what_somebody_has(requester, on_duty):
    holder, other = on_duty(), on_duty()
    ticket = opened_for(requester)
    decide(ticket)
    [decision] = decide(ticket, cause=Cause.ASKED)

    assert decision.primary == other.person  # who was idle longer
    loads = {each["person"]: each["load"] for each in decision.card["candidates"]}
    assert loads == {holder.person_id: 0, other.person_id: 0}  # it is no load to who has it


def test_what_was_given_by_somebody_meanwhile_stays(requester, on_duty):
    on_duty()
    ticket = opened_for(requester)
    Ticket.objects.filter(pk=ticket.pk).update(assignee=PersonFactory(role="technician"))

    assert decide(ticket) == []


def test_many_are_matched_at_once_and_nobody_gets_too_much(requester, on_duty):
    people = [on_duty(capacity=200) for _ in range(3)]
    tickets = [opened_for(requester) for _ in range(8)]
    decisions = decide(*tickets)

    given = [each.primary_id for each in decisions if each.primary_id]
    assert sorted(given) == sorted([each.person_id for each in people] * 2)
    assert [each.because for each in decisions if not each.primary_id] == [
        "Nobody of 3 may have it: 3 without room."
    ] * 2


def test_mandatory_skills_of_a_service_decide(requester, on_duty, tenant):
    on_duty()
    knows, skill = on_duty(), SkillFactory(name="Cisco")
    knows.skills.create(tenant=tenant, skill=skill, level=4)
    service = Service.objects.create(tenant=tenant, name="Network")
    SkillNeed.objects.create(tenant=tenant, service=service, skill=skill, level=3)
    [decision] = decide(opened_for(requester, service_id=service.pk))

    assert decision.primary == knows.person
    [refused] = decision.card["refused"]
    assert refused["gates"] == [{"gate": "skill", "why": "lacks Cisco 3"}]


@pytest.mark.parametrize(("percent", "is_named"), [(60, True), (95, False)])
def test_a_ticket_without_a_team_gets_the_one_that_history_is_sure_of(
    requester, on_duty, tenant, percent, is_named
):
    engineer, admin = on_duty(), PersonFactory(role="admin")
    team = Team.objects.create(tenant=tenant, name="Network")
    TeamMembership.objects.create(tenant=tenant, team=team, person=engineer.person)
    known = {"teams": [str(team.pk), "0"], "start": [2.0, 0.0], "weights": {}}
    RoutingModel.objects.create(
        tenant=tenant, number=1, trained_at=NOW, verdict="", parameters=known
    )
    arrange_assignment({"route_from": percent}, note="", actor=admin, now=NOW)
    ticket = opened_for(requester)
    [decision] = decide(ticket)

    ticket.refresh_from_db()
    assert ticket.team == (team if is_named else None)
    assert decision.card["routed"] == {
        "team": "Network",
        "percent": 88,
        "from_percent": percent,
        "is_named": is_named,
    }
    assert decision.primary == engineer.person


def test_a_decision_stays_as_it_was_made(requester, on_duty):
    on_duty()
    [decision] = decide(opened_for(requester))
    for change in (decision.delete, lambda: Decision.objects.update(because="")):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_worker_that_was_down_gives_nothing_to_those_who_went_home(requester, on_duty):
    on_duty()
    late = on_duty()
    ShiftFactory(engineer=late, opens=time(17), closes=time(22))
    opened_for(requester)
    in_the_evening = NOW + timedelta(hours=8)
    consume(requester.tenant_id, now=in_the_evening)

    decision = Decision.objects.get()
    assert (decision.primary, decision.at) == (late.person, in_the_evening)


def test_the_lead_is_told_once_of_a_ticket_that_was_named_a_team_and_nobody(requester, tenant):
    lead = PersonFactory(role="lead")
    team = Team.objects.create(tenant=tenant, name="Network", lead=lead)
    EngineerFactory()
    known = {"teams": [str(team.pk)], "start": [2.0], "weights": {}}
    RoutingModel.objects.create(
        tenant=tenant, number=1, trained_at=NOW, verdict="", parameters=known
    )
    ticket = opened_for(requester)
    consume(tenant.pk, now=LATER)

    ticket.refresh_from_db()
    assert (ticket.team, ticket.assignee) == (team, None)
    assert Decision.objects.count() == 1
    assert Delivery.objects.filter(template="dispatch/mail/waiting").count() == 1


def test_what_people_send_to_a_team_is_decided_on_anew(requester, tenant, on_duty):
    engineer, lead = on_duty(), PersonFactory(role="lead")
    team = Team.objects.create(tenant=tenant, name="Network")
    elsewhere = Team.objects.create(tenant=tenant, name="Elsewhere")
    TeamMembership.objects.create(tenant=tenant, team=team, person=engineer.person)
    ticket = opened_for(requester, team_id=elsewhere.pk)
    consume(tenant.pk, now=LATER)
    assign_ticket(ticket.pk, {"team": team}, actor=lead, now=LATER)
    consume(tenant.pk, now=LATER + timedelta(minutes=1))

    assert Ticket.objects.get(pk=ticket.pk).assignee == engineer.person
    assert [each.cause for each in Decision.objects.order_by("pk")] == ["opened", "moved_team"]


def test_however_much_there_is_to_say_it_is_kept(requester, on_duty, monkeypatch):
    on_duty()
    monkeypatch.setattr(carrying, "because_of", lambda _card: "So " * 200)
    [decision] = decide(opened_for(requester))

    assert len(decision.because) == 250


@pytest.mark.parametrize("count", [3, 30])
def test_one_decision_costs_the_same_for_few_and_many_engineers(
    requester, on_duty, count, django_assert_num_queries
):
    for _ in range(count):
        on_duty()
    ticket = opened_for(requester)
    actor = system_of(ticket.tenant_id)
    decide(opened_for(requester))  # the policy is there by now
    with django_assert_num_queries(27):
        assign_by_engine([ticket.pk], cause=Cause.OPENED, actor=actor, now=LATER)


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_never_exceed_a_capacity():
    tenant = TenantFactory()
    with fence.inside(tenant.pk):
        requester = PersonFactory(role="requester")
        for _ in range(2):
            ShiftFactory(engineer=EngineerFactory(capacity=300))
        pks = [opened_for(requester).pk for _ in range(12)]

    def work(pk):
        with fence.inside(tenant.pk):
            actor = system_of(tenant.pk)
            assign_by_engine([pk], cause=Cause.OPENED, actor=actor, now=LATER)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda pk: closing(work, pk), pks))

    with fence.inside(tenant.pk):
        loads = [
            Ticket.objects.filter(assignee=person).count()
            for person in Engineer.objects.values_list("person", flat=True)
        ]
        assert loads == [3, 3]
        assert Decision.objects.filter(primary=None).count() == 6


def test_what_comes_late_and_is_light_does_not_take_the_room_of_what_waits(requester, on_duty):
    on_duty(capacity=200)
    held = opened_for(requester, **LOW)
    decide(held)
    heavy = opened_for(requester, **HIGH)
    decide(heavy)
    [decision] = decide(opened_for(requester, **LOW))

    held.refresh_from_db()
    assert held.assignee
    assert decision.primary is None
    assert decision.because == "Nobody of 1 may have it: 1 kept for other work."
    move_ticket(held.pk, Status.RESOLVED, actor=held.assignee, now=LATER)
    balance(held.tenant_id, actor=system_of(held.tenant_id), now=LATER)
    assert list(Ticket.objects.filter(assignee=held.assignee).exclude(pk=held.pk)) == [heavy]


def test_what_waits_behind_keeps_nothing_from_what_comes(requester, on_duty):
    on_duty(capacity=200)
    decide(opened_for(requester, **LOW))
    decide(opened_for(requester, **HIGH))
    [decision] = decide(opened_for(requester, at=NOW - timedelta(days=9), **LOW))

    assert decision.primary


def test_somebody_who_asks_is_answered_whatever_waits(requester, on_duty):
    on_duty(capacity=200)
    decide(opened_for(requester, **LOW))
    decide(opened_for(requester, **HIGH))
    [decision] = decide(opened_for(requester, **LOW), cause=Cause.ASKED)

    assert decision.primary
