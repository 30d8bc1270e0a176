"""How a person likes to see Nova: kept, and right from the first paint on."""

import pytest
from playwright.sync_api import expect

from tests.web.test_contrast import MODES

PAPER = {mode: f"rgb{tuple(bytes.fromhex(MODES[mode]['page'][1:]))}" for mode in ("light", "dark")}


def choose(page, name, value):
    page.get_by_role("button", name="You and your preferences").click()
    page.get_by_role("group", name=name).get_by_role("button", name=value).click()


def expect_paper(page, mode):
    """Wait for the colour of this page: it follows its attribute a moment later."""
    expect(page.locator("html")).to_have_css("background-color", PAPER[mode])


def test_a_theme_is_there_at_once_and_in_the_first_byte_afterwards(visit, desk):
    visitor = visit(desk.technician)
    page = visitor.go("/pulse/")
    expect_paper(page, "light")
    with page.expect_response("**/preferences"):
        choose(page, "Theme", "Dark")
    expect_paper(page, "dark")

    answer = visitor.context.request.get("/pulse/")
    assert 'data-theme="dark"' in answer.text()
    page.reload()
    expect_paper(page, "dark")


def test_no_script_decides_about_the_theme_before_the_first_paint(visit, desk):
    """A page without its scripts is painted in the theme chosen: nothing can flash."""
    visitor = visit(desk.technician)
    with visitor.go("/pulse/").expect_response("**/preferences"):
        choose(visitor.page, "Theme", "Dark")
    visitor.context.route("**/*.js", lambda route: route.abort())
    bare = visitor.context.new_page()
    bare.goto("/pulse/")
    expect_paper(bare, "dark")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_without_a_choice_the_system_decides(visit, desk, scheme):
    expect_paper(visit(desk.technician, color_scheme=scheme).go("/pulse/"), scheme)


def test_rows_can_be_compact(visit, desk):
    desk.some_tickets("Screen flickers")
    page = visit(desk.technician).go("/pulse/")
    tall = page.locator("[data-row]").bounding_box()["height"]
    choose(page, "Rows", "Compact")
    expect(page.locator("html")).to_have_attribute("data-density", "compact")
    page.wait_for_function(
        "tall => document.querySelector('[data-row]').getBoundingClientRect().height < tall",
        arg=tall,
    )
