"""The report of overrides: who may read it, and that its numbers are those of plain SQL."""

import csv
import io
import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.urls import reverse

from dispatch.choices import Cause
from dispatch.services import ask_override, assign_by_engine, refuse_override
from nova.accounts.system import system_of
from tests.dispatch.making import EngineerFactory, ShiftFactory
from tests.downloads import text_of
from tests.factories import NOW, PersonFactory, ServiceFactory, TeamFactory
from tests.tickets.making import opened_for
from tickets.choices import SlaState
from tickets.models import Ticket

MARCH = {"since": "2026-03-01", "until": "2026-03-31"}
PAGE = reverse("dispatch:overrides")
PLAIN = """
    SELECT count(*), count(*) FILTER (WHERE o.status = 'approved'),
        count(*) FILTER (WHERE o.status = 'refused'),
        count(*) FILTER (
            WHERE o.status = 'approved' AND t.assignee_id IS DISTINCT FROM o.chosen_id),
        count(*) FILTER (WHERE o.status = 'approved' AND t.sla_state = 'breached')
    FROM dispatch_override o JOIN tickets_ticket t ON t.id = o.ticket_id
    JOIN dispatch_decision d ON d.id = o.decision_id
    WHERE o.asked_at >= '2026-03-01' AND o.asked_at < '2026-04-01' AND t.deleted_at IS NULL
        AND d.primary_id = %s AND o.chosen_id = %s
"""


@pytest.fixture(autouse=True)
def _then(time_machine):
    time_machine.move_to(NOW + timedelta(hours=2), tick=False)


@pytest.fixture
def named(tess):
    """Return Tess, whom the engine names for all."""
    ShiftFactory(engineer=tess.engineer)
    return tess


@pytest.fixture
def other(tenant):
    """Return Ben, who is never there."""
    return EngineerFactory(person__name="Ben Other").person


@pytest.fixture
def passed_over(named, other, lead, tenant):
    """Return a way to let people ask for Ben instead of Tess."""
    requester = PersonFactory(role="requester")

    def passed(reason, *, is_approved=True, at=NOW, **columns):
        ticket = opened_for(requester, title=reason)
        actor = system_of(tenant.pk)
        assign_by_engine([ticket.pk], cause=Cause.OPENED, actor=actor, now=NOW)
        asks = lead if is_approved else named
        wish = ask_override(ticket.pk, other, reason=reason, approver=lead, actor=asks, now=at)
        if not is_approved:
            refuse_override(wish.pk, actor=lead, now=at)
        Ticket.objects.filter(pk=ticket.pk).update(**columns)
        return ticket

    return passed


def table(answer):
    return list(csv.DictReader(io.StringIO(text_of(answer))))


@pytest.mark.parametrize(
    ("role", "status"), [("lead", 200), ("technician", 403), ("manager", 403), ("requester", 403)]
)
def test_it_is_for_those_who_may_read_it(tenant, role, status, as_person):
    assert as_person(PersonFactory(role=role)).get(PAGE).status_code == status


def test_its_numbers_are_those_of_plain_sql(passed_over, named, other, lead, as_person):
    passed_over("Knows the site")
    passed_over("Knows the site", assignee=lead)
    passed_over("Closer", sla_state=SlaState.BREACHED, assignee=None)
    passed_over("So", is_approved=False, sla_state=SlaState.BREACHED)
    passed_over("Later", at=NOW + timedelta(days=40))
    passed_over("Deleted", deleted_at=NOW)
    with connection.cursor() as cursor:
        cursor.execute(PLAIN, [named.pk, other.pk])
        plain = list(map(str, cursor.fetchone()))
    browser = as_person(lead)
    [line] = table(browser.get(PAGE, {**MARCH, "format": "csv"}))
    assert [*line.values()] == ["Tess Lind", "Ben Other", *plain]
    assert plain == ["4", "3", "1", "2", "1"]
    page = browser.get(PAGE, MARCH)
    assert page.context["decisions"] == (5, 5)
    reasons = table(browser.get(PAGE, {**MARCH, "by": "reason", "format": "csv"}))
    assert [(each["Reason"], each["asked"]) for each in reasons] == [
        ("Knows the site", "2"),
        ("Closer", "1"),
        ("So", "1"),
    ]


def test_it_is_narrowed_to_a_team_and_a_service(passed_over, lead, as_person):
    team, service = TeamFactory(name="Network"), ServiceFactory(name="Wi-Fi")
    passed_over("Here", team=team, service=service)
    passed_over("There")
    browser = as_person(lead)
    for asked in ({"team": team.pk}, {"service": service.pk}):
        assert browser.get(PAGE, {**MARCH, **asked}).context["total"].asked == 1
    by_team = table(browser.get(PAGE, {**MARCH, "by": "team", "format": "csv"}))
    assert {each["Team"]: each["asked"] for each in by_team} == {"Network": "1", "": "1"}


@pytest.mark.parametrize("by", ["pair", "reason", "service", "team", "asked_by"])
def test_a_number_leads_to_its_tickets(passed_over, lead, as_person, by):
    passed_over("Knows - the site", team=TeamFactory(), service=ServiceFactory())
    passed_over("Closer", is_approved=False)
    browser = as_person(lead)
    every = browser.get(PAGE, {**MARCH, "by": by})
    links = re.findall(r'href="(\?[^"]+only=[^"]+#asked)"', every.content.decode())
    assert len(links) == len(every.context["lines"])
    shown = [browser.get(PAGE + unescape(link)).context for link in links]
    assert [c["count"] for c in shown] == [c["only"].counts.asked for c in shown]
    assert sum(c["count"] for c in shown) == 2


@pytest.mark.parametrize("only", ["x", "1", "1-2-3", "-", "none-x"])
def test_no_line_is_no_line(tenant, lead, as_person, only):
    assert as_person(lead).get(PAGE, {**MARCH, "only": only}).status_code == 422


def test_no_cell_of_the_file_is_a_formula(passed_over, lead, as_person):
    passed_over("=1+1")
    [line] = table(as_person(lead).get(PAGE, {**MARCH, "by": "reason", "format": "csv"}))
    assert line["Reason"] == "'=1+1"


def test_another_tenants_overrides_are_not_there(passed_over, outsider, as_person):
    passed_over("Secret")
    page = as_person(outsider).get(PAGE, MARCH)
    assert page.context["total"].asked == 0
    assert "Secret" not in page.content.decode()


@pytest.mark.parametrize("count", [3, 30])
def test_it_costs_the_same_for_few_and_many(
    count, passed_over, named, lead, as_person, tenant, django_assert_num_queries
):
    named.engineer.capacity = 10_000
    named.engineer.save(update_fields=["capacity"])
    for number in range(count):
        passed_over(f"Reason {number}")
    browser = as_person(lead)
    browser.get(PAGE, MARCH)
    with django_assert_num_queries(10):
        browser.get(PAGE, {**MARCH, "by": "reason"})
