"""How a person likes to see Nova: kept, and right from the first paint on."""

import pytest
from playwright.sync_api import expect

PAPER = "getComputedStyle(document.documentElement).backgroundColor"


def choose(page, name, value):
    page.get_by_role("button", name="You and your preferences").click()
    page.get_by_role("group", name=name).get_by_role("button", name=value).click()


def test_a_theme_is_there_at_once_and_in_the_first_byte_afterwards(visit, desk):
    visitor = visit(desk.technician)
    page = visitor.go("/pulse/")
    light = page.evaluate(PAPER)
    with page.expect_response("**/preferences"):
        choose(page, "Theme", "Dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    dark = page.evaluate(PAPER)

    answer = visitor.context.request.get("/pulse/")
    assert 'data-theme="dark"' in answer.text()
    page.reload()
    assert page.evaluate(PAPER) == dark != light


def test_no_script_decides_about_the_theme_before_the_first_paint(visit, desk):
    """A page without its scripts is painted in the theme chosen: nothing can flash."""
    visitor = visit(desk.technician)
    with visitor.go("/pulse/").expect_response("**/preferences"):
        choose(visitor.page, "Theme", "Dark")
    visitor.context.route("**/*.js", lambda route: route.abort())
    bare = visitor.context.new_page()
    bare.goto("/pulse/")
    assert bare.evaluate(PAPER) == visitor.page.evaluate(PAPER)


@pytest.mark.parametrize(("scheme", "other"), [("dark", "light"), ("light", "dark")])
def test_without_a_choice_the_system_decides(visit, desk, scheme, other):
    seen = visit(desk.technician, color_scheme=scheme).go("/pulse/").evaluate(PAPER)
    assert seen != visit(desk.technician, color_scheme=other).go("/pulse/").evaluate(PAPER)


def test_rows_can_be_compact(visit, desk):
    desk.some_tickets("Screen flickers")
    page = visit(desk.technician).go("/pulse/")
    tall = page.locator("[data-row]").bounding_box()["height"]
    choose(page, "Rows", "Compact")
    expect(page.locator("html")).to_have_attribute("data-density", "compact")
    assert page.locator("[data-row]").bounding_box()["height"] < tall
