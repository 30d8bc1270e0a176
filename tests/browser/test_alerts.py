"""Alerts that appear by themselves: on every page, once, and quietly."""

import re

import pytest
from playwright.sync_api import expect

COUNT_SOUNDS = """
    window.sounds = 0;
    window.AudioContext = class extends window.AudioContext {
        constructor() { super(); window.sounds += 1; }
    };
"""


@pytest.fixture
def opened(desk, worker):
    """Return a way to let a VIP's ticket come in."""
    desk.honour(desk.executive)

    def opens(title):
        desk.opened(desk.executive, title)
        worker.work()

    return opens


def listening(visitor):
    visitor.page.add_init_script(COUNT_SOUNDS)
    visitor.go("/pulse/")
    visitor.hear("sequence")
    expect(visitor.page.locator("[data-newest-alert]")).to_have_count(1)
    return visitor.page


def test_an_alert_makes_no_sound_until_somebody_wants_it(visit, desk, opened):
    page = listening(visit(desk.technician))
    opened("Wall is dark")
    expect(page.locator(".toast.vip")).to_contain_text("Wall is dark")
    assert page.evaluate("window.sounds") == 0

    page.get_by_role("button", name="You and your preferences").click()
    page.get_by_role("group", name="Sound of alerts").get_by_role("button", name="On").click()
    opened("Wall is grey")
    expect(page.locator(".toast.vip", has_text="Wall is grey")).to_be_visible()
    page.wait_for_function("window.sounds === 1")  # it is seen a moment before it is heard


def test_what_was_unread_before_is_the_bells_to_tell(visit, desk, opened):
    opened("Wall is dark")
    page = listening(visit(desk.technician))
    expect(page.locator(".bell-count")).to_have_text("1")
    opened("Wall is grey")
    expect(page.locator(".bell-count")).to_have_text("2")
    expect(page.locator(".toast")).to_have_count(1)
    expect(page.locator(".toast.vip")).to_contain_text("Wall is grey")


def test_an_alert_stays_until_closed_and_is_counted_by_the_bell(visit, desk, opened):
    page = listening(visit(desk.technician))
    opened("Wall is dark")
    expect(page.locator(".bell-count")).to_have_text("1")
    page.locator(".toast.vip").get_by_role("button", name="Close").click()
    expect(page.locator(".toast")).to_have_count(0)
    opened("Wall is grey")
    expect(page.locator(".toast.vip")).to_have_count(1)
    expect(page.locator(".toast.vip")).to_contain_text("Wall is grey")


def test_an_admin_in_core_sees_a_new_vip_ticket_as_it_comes(visit, desk, opened):
    visitor = visit(desk.admin)
    visitor.page.add_init_script(COUNT_SOUNDS)
    page = visitor.go("/core/accounts/user/")
    visitor.hear("sequence")
    expect(page.locator("[data-live-dot]")).to_have_attribute("data-state", "live")
    expect(page.locator("[data-newest-alert]")).to_have_count(1)
    opened("Wall is dark")

    toast = page.locator(".toast.vip")
    expect(toast).to_contain_text("Wall is dark")
    expect(page.locator(".bell-count")).to_have_text("1")
    assert page.evaluate("window.sounds") == 0
    toast.get_by_role("link").click()
    expect(page).to_have_url(re.compile("/tickets/T-"))


def test_core_sounds_where_its_admin_wants_it(visit, desk, opened, server):
    visitor = visit(desk.admin)
    visitor.context.add_cookies([{"name": "nova_sound", "value": "on", "url": server.url}])
    visitor.page.add_init_script(COUNT_SOUNDS)
    page = visitor.go("/core/")
    visitor.hear("sequence")
    opened("Wall is dark")

    expect(page.locator(".toast.vip")).to_be_visible()
    page.wait_for_function("window.sounds === 1")  # it is seen a moment before it is heard
