"""The page of the balancer: what a round would move and leave, a round at once, and the last."""

import re

import pytest
from django.urls import reverse

from dispatch.models import BalanceRun
from dispatch.services import arrange_assignment, balance
from nova.accounts.choices import VipLevel
from nova.accounts.models import Role
from nova.accounts.system import system_of
from tests.dispatch.making import EngineerFactory, ShiftFactory
from tests.factories import NOW, PersonFactory
from tests.tickets.making import opened_for
from tickets.models import Ticket

PAGE, RUN = reverse("dispatch:balance"), reverse("dispatch:balance_now")


@pytest.fixture(autouse=True)
def _now(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def requester(tenant):
    return PersonFactory(role="requester")


@pytest.fixture
def ida(tenant):
    """Return an engineer who is at work and has nothing."""
    return ShiftFactory(engineer=EngineerFactory(person__name="Ida Idle")).engineer.person


def arranged(**changes):
    arrange_assignment(changes, note="", actor=PersonFactory(role="admin"), now=NOW)


def page_of(run):
    return reverse("dispatch:balance_run", args=[run.pk])


def text_of(response):
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_it_says_what_a_round_would_move_and_why_and_moves_nothing(
    requester, ida, lead, as_person
):
    gone = EngineerFactory(person__name="Gus Gone", takes_work=False).person
    left = opened_for(requester, title="Left lying")
    Ticket.objects.filter(pk=left.pk).update(assignee=gone)
    opened_for(requester, title="Nobody has it")
    page = text_of(as_person(lead).get(PAGE))
    for words in (
        "It would move 2 tickets",
        "Its holder has left",
        "Whoever had it has left",
        "It waited, and there is room now",
        "Gus Gone",
        "Ida Idle",
        "None has moved anything yet.",
    ):
        assert words in page
    assert not Ticket.objects.filter(assignee=ida).exists()
    assert not BalanceRun.objects.exists()


def test_it_says_what_it_would_leave_to_the_next_round_and_why(requester, ida, lead, as_person):
    arranged(balance_most=2)
    for number in range(3):
        opened_for(requester, title=f"Ticket {number}")
    EngineerFactory()
    page = text_of(as_person(lead).get(PAGE))
    assert "It would move 2 tickets" in page
    assert "It would leave 1 ticket to the next round" in page
    assert "One round moves 2 at most" in page
    assert "Ticket 2" in page


def test_it_says_what_waits_since_nobody_may_have_it(requester, lead, as_person):
    EngineerFactory()
    opened_for(requester)
    page = text_of(as_person(lead).get(PAGE))
    assert "It would move nothing" in page
    assert "1 ticket waits that nobody may have now." in page


def test_a_round_is_done_at_once_and_leads_to_its_tickets(requester, ida, lead, as_person):
    ticket = opened_for(requester, title="Nobody has it")
    browser = as_person(lead)
    answer = browser.post(RUN, follow=True)
    run = BalanceRun.objects.get()
    assert answer.redirect_chain == [(page_of(run), 302)]
    page = text_of(answer)
    assert "1 ticket was moved." in page
    assert f'href="{PAGE}" aria-current="page"' in page
    assert f'href="{reverse("tickets:ticket", args=[ticket.reference])}"' in page
    assert "It waited, and there is room now." in page
    assert Ticket.objects.get(pk=ticket.pk).assignee == ida

    listed = text_of(browser.get(PAGE))
    assert page_of(run) in listed
    assert "Somebody came who could have it: 1" in listed
    assert lead.name in listed
    assert "Nothing was to be moved." in text_of(browser.post(RUN, follow=True))


def test_a_desk_that_only_recommends_has_no_round_to_start(requester, ida, lead, as_person):
    arranged(is_automatic=False)
    opened_for(requester)
    page = text_of(as_person(lead).get(PAGE))
    assert "Nova only recommends at this desk" in page
    assert "Run now" not in page


def test_a_desk_that_takes_nothing_back_says_so(requester, ida, lead, as_person):
    arranged(is_balanced=False)
    assert "A round only gives out what waits" in text_of(as_person(lead).get(PAGE))


@pytest.mark.parametrize(
    ("role", "status"), [("lead", 200), ("technician", 403), ("manager", 403), ("requester", 403)]
)
def test_it_is_for_who_may_run_the_balancer(requester, ida, role, status, as_person, tenant):
    opened_for(requester)
    run = balance(tenant.pk, actor=system_of(tenant.pk), now=NOW)
    browser = as_person(PersonFactory(role=role))
    assert browser.get(PAGE).status_code == status
    assert browser.get(page_of(run)).status_code == status
    assert browser.post(RUN).status_code == (302 if status == 200 else 403)
    assert browser.get(RUN).status_code in (403, 405)


def test_the_load_leads_to_it(tess, lead, as_person):
    load = reverse("dispatch:load")
    assert f'href="{PAGE}"' in text_of(as_person(lead).get(load))
    assert f'href="{PAGE}"' not in text_of(as_person(tess).get(load))


def test_another_tenants_rounds_are_not_there(requester, ida, tenant, outsider, as_person):
    opened_for(requester, title="Ours")
    run = balance(tenant.pk, actor=system_of(tenant.pk), now=NOW)
    outside = as_person(outsider)
    assert outside.get(page_of(run)).status_code in (403, 404)


def test_gold_is_for_who_may_know_of_vips(requester, ida, lead, as_person, tenant):
    first, other = opened_for(requester, title="First"), opened_for(requester, title="Other")
    gilded = Ticket.objects.filter(pk=other.pk)
    gilded.update(vip_level=VipLevel.EXEC, vip_priority_score=300)
    assert "Exec" in text_of(as_person(lead).get(PAGE))
    role = Role.objects.get(key="lead")
    role.permissions = [each for each in role.permissions if each != "tickets.view_vip_flag"]
    role.save(update_fields=["permissions"])
    browser = as_person(PersonFactory(role="lead"))
    run = balance(tenant.pk, actor=system_of(tenant.pk), now=NOW)
    page = text_of(browser.get(page_of(run)))
    assert "Exec" not in page
    assert page.index(first.reference) < page.index(other.reference)  # not the queue's order


def test_who_may_not_know_of_vips_reads_the_same_of_a_vips_ticket(
    requester, ida, lead, as_person, tenant
):
    arranged(balance_most=1)
    first, other = opened_for(requester), opened_for(requester)
    role = Role.objects.get(key="lead")
    role.permissions = [each for each in role.permissions if each != "tickets.view_vip_flag"]
    role.save(update_fields=["permissions"])
    browser = as_person(lead)

    def told():
        page = text_of(browser.get(PAGE)).partition("<main")[2]
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)

    plain = told()
    assert first.reference in plain
    assert other.reference in plain
    Ticket.objects.filter(pk=first.pk).update(vip_level=VipLevel.EXEC, vip_priority_score=300)
    assert told() == plain


@pytest.mark.parametrize("count", [3, 30])
def test_it_costs_the_same_for_few_and_many(
    count, requester, lead, tenant, as_person, django_assert_num_queries
):
    for engineer in EngineerFactory.create_batch(count, capacity=9000):
        ShiftFactory(engineer=engineer)
        opened_for(requester)
    for _ in range(count):
        balance(tenant.pk, actor=system_of(tenant.pk), now=NOW)
        opened_for(requester)
    opened_for(requester)
    browser, run = as_person(lead), BalanceRun.objects.earliest("pk")
    browser.get(PAGE)
    with django_assert_num_queries(32):
        browser.get(PAGE)
    with django_assert_num_queries(11):
        browser.get(page_of(run))
