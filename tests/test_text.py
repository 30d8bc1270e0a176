"""What counts as text, wherever some is needed: in forms, in the API, and in Nova Core."""

import pytest

from nova.accounts.core import CoreForm
from nova.accounts.models import Team
from nova.text import is_blank
from tests.factories import PersonFactory
from tests.tickets.making import opened_for
from tickets.models import Comment, CustomField, SavedView, Ticket

UNSEEN = "\u200b\u2060\ufeff"
TICKETS = "/api/support/tickets"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param(" \t\n\u00a0\u3000", id="space"),
        pytest.param(UNSEEN, id="without width"),
        pytest.param("\u202e\u2066", id="directions"),
        pytest.param("\u3164\u115f\uffa0\u2800", id="fillers"),
        pytest.param("\u0301\ufe0f", id="marks without a letter"),
    ],
)
def test_what_cannot_be_seen_is_blank(text):
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", "\u200b!", "e\u0301", "\U0001f642", "\u0627", "0"])
def test_what_can_be_seen_is_not(text):
    assert not is_blank(text)


@pytest.fixture
def lead(tenant):
    return PersonFactory(role="lead")


@pytest.fixture
def ticket(lead):
    return opened_for(lead)


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        pytest.param(TICKETS, {"title": UNSEEN}, "title", id="title"),
        pytest.param(f"{TICKETS}/T-1001/comments", {"body": UNSEEN}, "body", id="comment"),
        pytest.param("/api/support/views", {"name": UNSEEN, "query": ""}, "name", id="view"),
        pytest.param("/api/support/api-keys", {"name": UNSEEN, "scopes": ["*"]}, "name", id="key"),
    ],
)
def test_the_api_refuses_unseen_text_by_its_field(api_as, lead, ticket, path, body, field):
    answer = api_as(lead).post(path, body)

    assert answer.status_code == 400
    assert answer.json()["errors"] == {field: ["This field may not be blank."]}


def test_unseen_text_is_no_reason_to_wait(api_as, lead, ticket):
    stated = {"to": "awaiting_customer", "reason": UNSEEN}

    assert api_as(lead).post(f"{TICKETS}/T-1001/transitions", stated).status_code == 409


@pytest.mark.parametrize("stated", [UNSEEN, "", None])
def test_unseen_text_does_not_fill_a_field_that_is_needed(api_as, lead, ticket, stated):
    CustomField.objects.create(tenant=lead.tenant, key="asset", label="Asset", is_required=True)
    desk = api_as(lead)

    for answer in (
        desk.post(TICKETS, {"title": "Jam", "custom_fields": {"asset": stated}}),
        desk.patch(f"{TICKETS}/T-1001", {"custom_fields": {"asset": stated}}),
    ):
        assert answer.json()["errors"] == {"custom_fields.asset": ["This field is required."]}


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        pytest.param("/portal/report", {"title": UNSEEN, "urgency": "low"}, id="report"),
        pytest.param("/tickets/T-1001/reply", {"body": UNSEEN, "kind": "reply"}, id="reply"),
        pytest.param("/tickets/T-1001/facts/title", {"value": UNSEEN}, id="title"),
        pytest.param("/pulse/views", {"name": UNSEEN}, id="view"),
    ],
)
def test_the_pages_ask_again_for_unseen_text(as_person, lead, ticket, path, typed):
    assert as_person(lead).post(path, typed).status_code == 422
    assert Ticket.objects.get().title == ticket.title
    assert not Comment.objects.exists()
    assert not SavedView.objects.exists()


def test_core_refuses_unseen_text(tenant):
    class TeamForm(CoreForm):
        tenant_id = tenant.pk

        class Meta:
            model = Team
            fields = ["name"]

    assert list(TeamForm({"name": UNSEEN}).errors) == ["name"]
