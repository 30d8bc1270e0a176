"""What is known of a ticket is edited in place."""

import pytest

from tests.tickets.ticket_page.looking import HTMX, LATER, at, newest, page
from tickets.choices import FieldType
from tickets.models import CustomField
from tickets.services import edit_ticket


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("title", "Wall is dark", "Wall is dark"),
        ("description", "More words", "More words"),
        ("impact", "high", "high"),
        ("kind", "problem", "problem"),
        ("module", "ops", "ops"),
        ("location", "Studio 2", "Studio 2"),
    ],
)
def test_a_fact_is_edited_in_place(name, value, expected, desk, ticket):
    asked = desk.get(at(ticket, f"facts/{name}"), headers=HTMX)
    answer = desk.post(at(ticket, f"facts/{name}"), {"value": value}, headers=HTMX)

    ticket.refresh_from_db()
    assert asked.status_code == 200
    assert answer.status_code == 200
    assert "nova:acted" in answer.headers["HX-Trigger-After-Settle"]
    assert getattr(ticket, name) == expected


def test_tags_are_a_line_of_words(desk, ticket):
    desk.post(at(ticket, "facts/tags"), {"value": "studio, wall , studio"})
    desk.post(at(ticket, "facts/tags"), {"value": "wall, hdmi"})

    assert list(ticket.tags.order_by("name").values_list("name", flat=True)) == ["hdmi", "wall"]
    assert "changed the tags from studio, wall to hdmi, wall" in page(desk, ticket, "activity")


@pytest.mark.parametrize(
    ("type_", "value", "stored"),
    [
        (FieldType.TEXT, "A-7", "A-7"),
        (FieldType.NUMBER, "7", 7),
        (FieldType.BOOLEAN, "no", False),
        (FieldType.DATE, "2026-03-31", "2026-03-31"),
        (FieldType.CHOICE, "red", "red"),
    ],
)
def test_an_own_field_is_edited_in_place(type_, value, stored, desk, ticket):
    CustomField.objects.create(
        tenant_id=ticket.tenant_id, key="rack", label="Rack", type=type_, options=["red", "blue"]
    )

    desk.post(at(ticket, "facts/own.rack"), {"value": value})

    ticket.refresh_from_db()
    assert ticket.custom_fields == {"rack": stored}
    assert "Rack" in page(desk, ticket, "side")


@pytest.mark.parametrize("name", ["priority", "status", "own.nothing", "vip_level"])
def test_what_is_no_editable_fact_is_not_found(name, desk, ticket):
    assert desk.get(at(ticket, f"facts/{name}")).status_code == 404


def test_an_edit_over_an_unseen_one_says_what_changed(desk, colleague, ticket):
    seen = newest(desk, ticket)
    edit_ticket(ticket.pk, {"impact": "low"}, actor=colleague, now=LATER)

    asked = desk.post(at(ticket, "facts/impact"), {"value": "high", "after": seen}, headers=HTMX)
    other = desk.post(at(ticket, "facts/urgency"), {"value": "high", "after": seen}, headers=HTMX)

    assert asked.status_code == 422
    assert "<b>Mia Ruiz</b> changed the impact from Medium to Low" in asked.content.decode()
    assert other.status_code == 200
