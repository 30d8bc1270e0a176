"""Words kept ready: who may insert which, filled in for whom."""

import html

import pytest
from django.db import IntegrityError, transaction

from nova.accounts.models import TeamMembership
from tests.factories import PersonFactory, TeamFactory
from tests.tickets.making import opened_for
from tickets import rules
from tickets.models import ReplyTemplate

FACTS = {"requester": "Rob Ray", "reference": "T-1042"}


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("Dear {requester},", "Dear Rob Ray,"),
        ("{reference} {reference}", "T-1042 T-1042"),
        ("{colour} {} { requester } {requester", "{colour} {} { requester } {requester"),
        ("{{requester}}", "{Rob Ray}"),
    ],
)
def test_names_in_braces_are_filled_in_and_others_stay(template, words):
    assert rules.filled(template, FACTS) == words


def test_what_is_filled_in_is_not_filled_in_again():
    assert rules.filled("{requester}", {**FACTS, "requester": "{reference}"}) == "{reference}"


@pytest.fixture
def technician(tenant):
    return PersonFactory(role="technician", name="Ada Osei")


@pytest.fixture
def ticket(tenant):
    return opened_for(PersonFactory(name='Rob "Bob" Ray'), title="Wall is dark")


@pytest.fixture
def keep(tenant):
    """Return a way to keep words ready."""

    def keeps(title, **fields):
        body = fields.pop("body", f"{title}, {{requester}}.")
        return ReplyTemplate.objects.create(tenant=tenant, title=title, body=body, **fields)

    return keeps


def menu(as_person, person, ticket):
    answer = as_person(person).get(f"/tickets/{ticket.reference}/reply/templates")
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def test_one_sees_ones_own_ones_teams_and_the_desks(as_person, technician, ticket, keep):
    mine, other = TeamFactory(), TeamFactory()
    TeamMembership.objects.create(tenant=mine.tenant, team=mine, person=technician)
    for title, fields in {
        "For all": {},
        "For us": {"team": mine},
        "For me": {"person": technician},
        "For them": {"team": other},
        "For another": {"person": PersonFactory(role="technician")},
        "For nobody": {"is_active": False},
    }.items():
        keep(title, **fields)
    shown = menu(as_person, technician, ticket)

    assert all(title in shown for title in ("For all", "For us", "For me"))
    assert not any(title in shown for title in ("For them", "For another", "For nobody"))


def test_they_are_filled_in_for_the_ticket(as_person, technician, ticket, keep):
    keep("Hello", body="Dear {requester}, about {reference} ({title}): {me}")

    words = f'Dear Rob "Bob" Ray, about {ticket.reference} (Wall is dark): Ada Osei'
    assert words in menu(as_person, technician, ticket)


def test_a_menu_without_words_says_so(as_person, technician, ticket):
    assert "No words are kept ready" in menu(as_person, technician, ticket)


def test_a_requester_gets_none(as_person, ticket, keep):
    keep("Hello")
    client = as_person(ticket.requester)

    assert client.get(f"/tickets/{ticket.reference}/reply/templates").status_code == 403


def test_words_are_for_a_team_or_a_person_and_not_both(technician, keep):
    with pytest.raises(IntegrityError), transaction.atomic():
        keep("Hello", team=TeamFactory(), person=technician)


def test_core_refuses_words_for_both(as_person, technician):
    team = TeamFactory()
    stated = {"title": "Hello", "body": "Dear", "team": team.pk, "person": technician.pk}
    admin = as_person(PersonFactory(role="admin"))
    answer = admin.post("/core/tickets/replytemplate/add/", {**stated, "is_active": "on"})

    assert "Choose a team or a person" in answer.content.decode()
    admin.post("/core/tickets/replytemplate/add/", {**stated, "person": "", "is_active": "on"})
    assert ReplyTemplate.objects.get().team == team
