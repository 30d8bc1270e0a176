"""Coming in, and where it leads."""

import pytest
from playwright.sync_api import expect

from tests.factories import PASSWORD


def sign_in(page, email, password):
    page.goto("/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_a_wrong_password_is_told_in_words_and_keeps_the_address(visit, desk):
    visitor = visit()
    visitor.expect_refusal(422)
    sign_in(visitor.page, desk.technician.email, "not the one")

    expect(visitor.page.get_by_role("alert")).to_contain_text("password")
    expect(visitor.page.get_by_label("E-mail")).to_have_value(desk.technician.email)


@pytest.mark.parametrize(
    ("who", "place"),
    [
        pytest.param("technician", "**/pulse/", id="a technician comes to Pulse"),
        pytest.param("requester", "**/portal/", id="a requester comes to the portal"),
    ],
)
def test_the_right_password_leads_to_ones_own_place(visit, desk, who, place):
    visitor = visit()
    sign_in(visitor.page, getattr(desk, who).email, PASSWORD)

    visitor.page.wait_for_url(place)
    expect(visitor.page.get_by_role("main")).to_be_visible()
