"""What Cosmo asks, judged in the browser by keys and by clicks, and taken back."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_escalation import problems


@pytest.fixture
def asked(desk, worker):
    desk.honour(desk.executive)
    worker.work()
    tickets = [
        desk.opened(desk.requester, f"{what} for Vera Lind") for what in ("Slides", "Phone")
    ]
    worker.work()
    return tickets


def borne(desk):
    return [ticket.vip_level for ticket in desk.tickets()]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_questions_are_answered_by_keyboard_alone(visit, desk, asked, scheme):
    page = visit(desk.lead, color_scheme=scheme).go("/vip/recognitions")
    expect(page.get_by_text("Cosmo thinks this is for")).to_have_count(2)
    assert problems(page, "main") == []

    page.keyboard.press("y")  # the newest comes first
    expect(page.get_by_text("Accepted, by Ada Osei")).to_be_visible()
    page.keyboard.press("x")
    expect(page.get_by_text("Refused, by Ada Osei")).to_be_visible()
    expect(page.get_by_text("Cosmo has no question.")).to_be_visible()
    assert borne(desk) == ["", "exec"]
    assert problems(page, "main") == []

    page.get_by_role("button", name="Take back: T-1002").press("Enter")
    expect(page.get_by_text("Accepted, by Ada Osei")).to_have_count(0)
    assert borne(desk) == ["", ""]


def test_after_an_answer_the_focus_is_on_the_next_question(visit, desk, asked):
    page = visit(desk.lead).go("/vip/recognitions")
    page.get_by_role("button", name="Accept: T-1002").press("Enter")
    expect(page.get_by_role("button", name="Accept: T-1001")).to_be_focused()


def test_on_the_page_of_the_ticket_the_mark_comes_at_once(visit, desk, asked):
    page = visit(desk.lead).go("/tickets/T-1001")
    panel = page.get_by_role("region", name="VIP")
    expect(panel).to_contain_text("“for Vera Lind”")
    assert problems(page, ".vip-panel") == []
    page.keyboard.press("y")
    expect(panel.get_by_text("by the words on the ticket")).to_be_visible()
    assert problems(page, ".vip-panel") == []
    assert borne(desk) == ["exec", ""]


def test_without_scripts_a_form_does_it(visit, desk, asked):
    page = visit(desk.lead, java_script_enabled=False).go("/vip/recognitions")
    page.get_by_role("button", name="Refuse: T-1002").click()
    expect(page.get_by_text("Refused, by Ada Osei")).to_be_visible()


def test_a_technician_is_asked_nothing(visit, desk, asked):
    page = visit(desk.technician).go("/tickets/T-1001")
    expect(page.get_by_role("button", name="Accept")).to_have_count(0)
    expect(page.get_by_role("link", name="Cosmo")).to_have_count(0)
