"""The page of the load: who has what, what waits and why, and who may know of it."""

from datetime import time, timedelta

import pytest
from django.urls import reverse

from dispatch.choices import Cause
from dispatch.load import CARDS, PEOPLE, Asking, load_of
from dispatch.models import AttendanceSource, AttendanceState, Decision
from dispatch.reading import loads_of
from dispatch.services import assign_by_engine
from nova.accounts.choices import VipLevel
from nova.accounts.models import Role, TeamMembership
from nova.accounts.system import system_of
from nova.web.words import present_reader
from tests.dispatch.making import EngineerFactory, ShiftFactory
from tests.factories import NOW, PersonFactory, TeamFactory
from tests.tickets.making import opened_for
from tickets.choices import SlaState
from tickets.models import Ticket
from tickets.queues import MOST

LOAD = reverse("dispatch:load")


@pytest.fixture(autouse=True)
def _now(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def requester(tenant):
    return PersonFactory(role="requester")


def held_by(person, requester, count, **columns):
    """Return tickets that somebody has, or nobody."""
    made = [opened_for(requester, title=f"Ticket {number}") for number in range(count)]
    pks = [ticket.pk for ticket in made]
    Ticket.objects.filter(pk__in=pks).update(assignee=person, **columns)
    return made


def load_for(viewer, team=None, number=1):
    return load_of(Asking(viewer, present_reader(NOW), team), number)


def line_of(viewer, person, **asked):
    return next(x for x in load_for(viewer, **asked).lines if x.engineer.person_id == person.pk)


def text_of(response):
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize(
    ("role", "status"), [("lead", 200), ("technician", 200), ("manager", 403), ("requester", 403)]
)
def test_it_is_for_who_works_at_the_desk_and_sees_engineers(tenant, role, status, as_person):
    assert as_person(PersonFactory(role=role)).get(LOAD).status_code == status


def test_the_rail_leads_to_it_and_the_roster_is_beside_it(tess, as_person):
    page = text_of(as_person(tess).get(LOAD))
    assert f'href="{LOAD}" data-key="g d" aria-current="page"' in page
    assert reverse("dispatch:roster") in page
    for beside in ("roster", "mine"):
        page = text_of(as_person(tess).get(reverse(f"dispatch:{beside}")))
        assert f'href="{LOAD}" data-key="g d" aria-current="page"' in page


def test_a_line_counts_all_and_shows_the_first_of_the_queue(tess, requester, lead):
    made = held_by(tess, requester, CARDS + 2)
    Ticket.objects.filter(pk=made[0].pk).update(sla_state=SlaState.BREACHED)
    Ticket.objects.filter(pk=made[1].pk).update(sla_state=SlaState.AT_RISK)
    Ticket.objects.filter(pk=made[-1].pk).update(vip_priority_score=50)
    line = line_of(lead, tess)
    queue = Ticket.objects.filter(assignee=tess).order_by("-vip_priority_score", "queue_at", "pk")
    assert [card.reference for card, _why in line.cards] == [t.reference for t in queue[:CARDS]]
    assert line.cards[0][0].reference == made[-1].reference
    assert (line.held.tickets, line.held.at_risk, line.held.breached) == (CARDS + 2, 1, 1)
    assert line.left == 2
    assert line.load == loads_of([tess.pk])[tess.pk] == (CARDS + 2) * 100
    assert line.is_over


def test_the_page_says_it_in_words_and_leads_to_the_rest(tess, requester, lead, as_person):
    held_by(tess, requester, CARDS + 1, sla_state=SlaState.AT_RISK)
    page = text_of(as_person(lead).get(LOAD))
    assert "1300 of 1000 points · 13 tickets" in page
    assert "13 at risk" in page
    assert f'href="/pulse/?assignee={tess.pk}">1 more in Pulse' in page


def test_what_is_resolved_is_in_nobodys_hands(tess, requester, lead):
    [ticket] = held_by(tess, requester, 1)
    Ticket.objects.filter(pk=ticket.pk).update(status="resolved", resolved_at=NOW)
    assert line_of(lead, tess).held.tickets == 0


def test_who_is_on_duty_comes_first_and_until_when_is_said(tess, lead, as_person):
    ShiftFactory(engineer=tess.engineer)
    EngineerFactory(person__name="Abe Away")
    found = load_for(lead)
    assert [str(line.engineer) for line in found.lines] == ["Tess Lind", "Abe Away"]
    assert found.here == 1
    page = text_of(as_person(lead).get(LOAD))
    assert "On duty now: 1 of 2" in page
    assert "On duty until" in page
    assert "No hours soon" in page


def test_it_says_where_attendance_is_not_new(tess, tenant, lead, as_person):
    said_at = NOW - timedelta(hours=1)
    source = AttendanceSource.objects.create(
        tenant=tenant, address="https://hr.example", next_ask_at=NOW, answered_at=said_at
    )
    AttendanceState.objects.create(
        tenant=tenant, engineer=tess.engineer, source=source, on_duty=True, said_at=said_at
    )
    assert "it does not answer since" in text_of(as_person(lead).get(LOAD))
    AttendanceState.objects.update(said_at=NOW)
    assert "presence-doubt" not in text_of(as_person(lead).get(LOAD))


def test_what_nobody_has_waits_with_the_reason(tess, requester, lead, as_person, tenant):
    ticket = opened_for(requester, at=NOW)
    assign_by_engine([ticket.pk], cause=Cause.OPENED, actor=system_of(tenant.pk), now=NOW)
    page = text_of(as_person(lead).get(LOAD))
    assert "1 with nobody" in page
    assert "Nobody of 1 may have it: 1 not on duty." in page


@pytest.mark.parametrize("count", [2, 8])
def test_what_came_before_there_was_an_engine_waits_with_the_reason_of_now(
    count, tess, requester, lead, as_person, django_assert_num_queries
):
    for _ in range(count):
        opened_for(requester, at=NOW)
    assert text_of(as_person(lead).get(LOAD)).count("Nobody of 1 may have it: 1 not on") == count

    ShiftFactory(engineer=tess.engineer)
    browser = as_person(lead)
    with django_assert_num_queries(34):
        page = text_of(browser.get(LOAD))
    assert page.count("Tess Lind is recommended.") == count
    assert not Decision.objects.exists()


def test_no_more_is_counted_than_the_queue_counts(tess, requester, lead, tenant):
    first = opened_for(requester)
    copies = []
    for number in range(MOST + 5):
        copy = Ticket.objects.get(pk=first.pk)
        copy.pk, copy.number = None, 5000 + number
        copies.append(copy)
    Ticket.objects.bulk_create(copies)
    waiting = load_for(lead).waiting
    assert waiting.words == f"{MOST}+"
    assert len(waiting.cards) == CARDS


def test_a_team_is_shown_alone_with_what_waits_for_it(tess, requester, lead, tenant, as_person):
    team = TeamFactory(name="Network")
    TeamMembership.objects.create(tenant=tenant, team=team, person=tess)
    EngineerFactory(person__name="Of Nobody")
    held_by(None, requester, 1)
    [routed] = held_by(None, requester, 1, team=team)
    found = load_for(lead, team)
    assert [str(line.engineer) for line in found.lines] == ["Tess Lind"]
    assert [card.reference for card, _why in found.waiting.cards] == [routed.reference]
    browser = as_person(lead)
    assert "Of Nobody" not in text_of(browser.get(LOAD, {"team": team.pk}))
    assert browser.get(LOAD, {"team": "999999"}).status_code == 404


def test_people_are_paged(tenant, lead):
    EngineerFactory.create_batch(PEOPLE + 1)
    assert [len(load_for(lead, number=number).lines) for number in (1, 2)] == [PEOPLE, 1]


@pytest.mark.parametrize(("role", "is_told"), [("lead", True), ("technician", False)])
def test_gold_is_for_who_may_know_of_vips(tess, requester, role, is_told, as_person):
    held_by(tess, requester, 1, vip_level=VipLevel.EXEC, vip_priority_score=300)
    page = text_of(as_person(PersonFactory(role=role)).get(LOAD))
    assert ("load-card vip" in page) == is_told
    assert ("Exec" in page) == is_told


def test_without_the_right_to_ask_nothing_is_to_be_dragged(tess, requester, as_person):
    held_by(tess, requester, 1)
    viewer = PersonFactory(role="technician")
    assert "data-give=" in text_of(as_person(viewer).get(LOAD))
    role = Role.objects.get(key="technician")
    role.permissions = [each for each in role.permissions if each != "dispatch.override_engine"]
    role.save(update_fields=["permissions"])
    page = text_of(as_person(viewer).get(LOAD))
    assert "data-give" not in page
    assert 'draggable="true"' not in page


def test_htmx_is_given_the_rows_alone(tess, lead, as_person):
    answer = as_person(lead).get(LOAD, headers={"HX-Request": "true"})
    assert "Tess Lind" in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_another_tenants_people_and_tickets_are_not_there(tess, requester, outsider, as_person):
    held_by(tess, requester, 1)
    page = text_of(as_person(outsider).get(LOAD))
    assert "Tess Lind" not in page
    assert "Ticket 0" not in page


@pytest.mark.parametrize(("people", "each"), [(3, 1), (3, 15), (30, 1), (30, 3)])
def test_it_costs_the_same_for_few_and_many(
    people, each, requester, lead, tenant, as_person, django_assert_num_queries
):
    for engineer in EngineerFactory.create_batch(people, capacity=0):
        ShiftFactory(engineer=engineer, opens=time(8), closes=time(17))
        held_by(engineer.person, requester, each)
    waiting = held_by(None, requester, each)
    assign_by_engine(
        [t.pk for t in waiting], cause=Cause.OPENED, actor=system_of(tenant.pk), now=NOW
    )
    browser = as_person(lead)
    browser.get(LOAD)
    with django_assert_num_queries(17):
        browser.get(LOAD)
