"""Each verb of assignment is denied without its permission, and to another organisation."""

from datetime import timedelta

import pytest

from dispatch.choices import Cause
from dispatch.models import Decision, Override
from dispatch.services import ask_override, assign_by_engine
from nova.accounts.roles import ROLES
from nova.accounts.system import system_of
from nova.tenancy import fence
from tests.dispatch.making import EngineerFactory, ShiftFactory
from tests.factories import NOW, PersonFactory, RoleFactory
from tests.tickets.making import opened_for
from tickets.models import Ticket

API = "/api/support"
DECISIONS, ENGINEERS = "dispatch.view_decisions", "dispatch.view_engineers"
ASK, APPROVE = "dispatch.override_engine", "dispatch.approve_overrides"
PROGRAMS = [
    ("get", f"{API}/tickets/T-1001/assignments", DECISIONS),
    ("post", f"{API}/assign", "dispatch.ask_engine"),
    ("post", f"{API}/assign", "tickets.assign_ticket"),
    ("post", f"{API}/assign/balance", "dispatch.run_balancer"),
    ("get", f"{API}/overrides", DECISIONS),
    ("post", f"{API}/overrides", ASK),
    ("post", f"{API}/overrides/{{wish}}/withdraw", ASK),
    ("post", f"{API}/overrides/{{wish}}/approve", APPROVE),
    ("post", f"{API}/overrides/{{wish}}/refuse", APPROVE),
    ("get", f"{API}/assignment-policy", "dispatch.manage_assignment"),
    ("patch", f"{API}/assignment-policy", "dispatch.manage_assignment"),
    ("get", f"{API}/engineers/{{engineer}}", ENGINEERS),
    ("get", f"{API}/engineers/{{engineer}}/roster", ENGINEERS),
    ("put", f"{API}/engineers/{{engineer}}/roster", "dispatch.manage_engineers"),
]
PAGES = [
    ("get", "/dispatch/load", ENGINEERS),
    ("get", "/dispatch/load", "tickets.view_ticket"),
    ("get", "/dispatch/mine", "tickets.view_ticket"),
    ("get", "/dispatch/roster", ENGINEERS),
    ("get", "/dispatch/engineers/{engineer}", ENGINEERS),
    ("get", "/dispatch/engineers/add", "dispatch.manage_engineers"),
    ("get", "/dispatch/overrides", "dispatch.view_overrides"),
    ("get", "/dispatch/overrides", "tickets.view_ticket"),
    ("get", "/dispatch/T-1001", DECISIONS),
    ("get", "/dispatch/T-1001/panel", DECISIONS),
    ("post", "/dispatch/T-1001", ASK),
    ("post", "/dispatch/T-1001/ask", "dispatch.ask_engine"),
    ("post", "/dispatch/T-1001/ask", "tickets.assign_ticket"),
    ("post", "/dispatch/T-1001/overrides/{wish}/withdraw", ASK),
    ("post", "/dispatch/T-1001/overrides/{wish}/approve", APPROVE),
    ("post", "/dispatch/T-1001/overrides/{wish}/refuse", APPROVE),
]
DENIED = (403, 404)


@pytest.fixture(autouse=True)
def _now(time_machine):
    time_machine.move_to(NOW + timedelta(minutes=1), tick=False)


@pytest.fixture
def named(tenant, lead):
    """Return what addresses name: a wish for somebody else, and whose page it is."""
    first, other = (ShiftFactory(engineer=EngineerFactory()).engineer for _ in range(2))
    ticket = opened_for(PersonFactory())
    acting = {"actor": system_of(tenant.pk), "now": NOW}
    assign_by_engine([ticket.pk], cause=Cause.OPENED, **acting)
    wish = {"reason": "So", "approver": lead, "actor": first.person, "now": NOW}
    asked = ask_override(ticket.pk, other.person, **wish)
    return {"wish": asked.pk, "engineer": other.pk}


def all_but(permission):
    """Return somebody who may do all that an admin may, but for one thing."""
    held = [each for each in ROLES["admin"] if each != permission]
    person = PersonFactory(role="")
    person.grants.create(role=RoleFactory(permissions=held), tenant_id=person.tenant_id)
    return person


def stand():
    columns = ("status", "decided_by")
    tickets = Ticket.objects.values_list("assignee", "team", "version")
    return list(Override.objects.values_list(*columns)), list(tickets), Decision.objects.count()


@pytest.mark.parametrize(("method", "path", "permission"), PROGRAMS)
def test_a_program_without_the_right_is_denied(named, api_as, method, path, permission):
    before, path = stand(), path.format(**named)
    stated = {"tickets": ["T-1001"]} if path.endswith("/assign") else {}
    answer = getattr(api_as(all_but(permission)), method)(path, stated, format="json")

    assert answer.status_code == 403
    assert stand() == before


@pytest.mark.parametrize(("method", "path", "permission"), PAGES)
def test_a_page_without_the_right_is_not_there(named, as_person, method, path, permission):
    before = stand()
    answer = getattr(as_person(all_but(permission)), method)(path.format(**named))

    assert answer.status_code in DENIED
    assert stand() == before


@pytest.mark.parametrize(("method", "path"), [row[:2] for row in PROGRAMS if "{" in row[1]])
def test_to_another_organisation_nothing_of_it_is_there(named, api_as, outsider, method, path):
    answer = getattr(api_as(outsider), method)(path.format(**named), {}, format="json")
    assert answer.status_code == 404


@pytest.mark.parametrize(("method", "path"), [row[:2] for row in PAGES if "{" in row[1]])
def test_nor_is_a_page_of_it(named, as_person, outsider, method, path):
    answer = getattr(as_person(outsider), method)(path.format(**named))
    assert answer.status_code == 404


@pytest.mark.parametrize("field", ["engineer", "approved_by"])
def test_nobody_of_another_organisation_is_asked_for_or_approves(
    named, api_as, outsider, lead, field
):
    with fence.inside(outsider.tenant_id):
        EngineerFactory(person=outsider)
    opened_for(PersonFactory())
    engineer = Override.objects.get().chosen_id
    stated = {"ticket": "T-1002", "engineer": engineer, "reason": "So", "approved_by": lead.pk}
    stated[field] = outsider.pk
    answer = api_as(lead).post(f"{API}/overrides", stated, format="json")

    assert answer.status_code == 400
    assert list(answer.data["errors"]) == [field]


def test_a_form_offers_nobody_of_another_organisation(named, as_person, outsider, lead):
    opened_for(PersonFactory())
    stated = {"chosen": outsider.pk, "reason": "So", "approver": outsider.pk}
    answer = as_person(lead).post("/dispatch/T-1002", stated)

    assert answer.status_code == 422
    assert "Outsider" not in answer.content.decode()


def test_who_may_only_run_the_balancer_reads_of_no_tickets(named, api_as):
    opened_for(PersonFactory())
    person = PersonFactory(role="")
    role = RoleFactory(permissions=["dispatch.run_balancer"])
    person.grants.create(role=role, tenant_id=person.tenant_id)
    told = api_as(person).post(f"{API}/assign/balance", {}, format="json").data

    assert (told["moves"], told["results"]) == (1, [])
