"""The load page: work is given to somebody else by dragging it, or by keyboard, with a reason."""

from datetime import time

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from dispatch.choices import Cause, OverrideStatus
from dispatch.models import Override
from dispatch.services import assign_by_engine
from nova.accounts.system import system_of
from tests.browser.test_access import ALL, AXE
from tests.dispatch.making import EngineerFactory, ShiftFactory

WHO = "Who works on T-1001"


@pytest.fixture
def flicker(desk):
    """Return a ticket that the engine gave to Mia, who was alone then; Noor came later."""
    with desk.inside():
        mia = EngineerFactory(person=desk.technician)
        ShiftFactory(engineer=mia, opens=time(0), closes=time(23, 59))
    [ticket] = desk.some_tickets("Screen flickers")
    with desk.inside():
        actor = system_of(desk.tenant.pk)
        assign_by_engine([ticket.pk], cause=Cause.OPENED, actor=actor, now=timezone.now())
        noor = EngineerFactory(person=desk.colleague)
        ShiftFactory(engineer=noor, opens=time(0), closes=time(23, 59))
    return ticket


def row_of(page, name):
    return page.get_by_role("region", name=name)


def ask_for(page, person):
    """Say why in the drawer, and whom one asks to approve."""
    drawer = page.get_by_role("dialog", name=WHO)
    expect(drawer.get_by_label("Who shall work on it")).to_have_value(str(person.pk))
    expect(drawer.get_by_label("Why not whom the engine names")).to_be_focused()
    page.evaluate(AXE)
    tags = [tag for tag in ALL if tag != "best-practice"]
    found = page.evaluate("tags => axe.run('dialog[open]', {runOnly: tags})", tags)
    assert found["violations"] == []
    page.keyboard.type("Knows the screen")
    drawer.get_by_label("Who approves of it").select_option(label="Ada Osei")
    drawer.get_by_role("button", name="Ask for them").click()
    expect(page.get_by_text("Ada Osei is asked to approve.").first).to_be_visible()


def by_dragging(page):
    page.get_by_text("Screen flickers").drag_to(row_of(page, "Noor Haddad"))


def by_keyboard(page):
    page.get_by_role("button", name="Give T-1001 to somebody").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Mia Ruiz")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="Noor Haddad")).to_be_focused()
    page.keyboard.press("Enter")


@pytest.mark.parametrize("way", [by_dragging, by_keyboard])
def test_a_card_is_given_on_with_a_reason_and_a_manager_approves(visit, desk, flicker, way):
    page = visit(desk.technician).go("/dispatch/load")
    expect(row_of(page, "Mia Ruiz")).to_contain_text("Screen flickers")
    way(page)
    ask_for(page, desk.colleague)
    with desk.inside():
        assert Override.objects.get().status == OverrideStatus.ASKED

    manager = visit(desk.lead)
    seen = manager.go("/dispatch/load")
    manager.hear("sequence")
    seen.get_by_role("button", name="Give T-1001 to somebody").click()
    seen.get_by_role("button", name="Why, and who else").click()
    drawer = seen.get_by_role("dialog", name=WHO)
    expect(drawer).to_contain_text("Mia Ruiz asks for Noor Haddad: “Knows the screen”")
    drawer.get_by_role("button", name="Approve").click()
    expect(row_of(seen, "Noor Haddad")).to_contain_text("Screen flickers")
    expect(row_of(seen, "Mia Ruiz")).to_contain_text("Has nothing.")
    with desk.inside():
        assert Override.objects.get().status == OverrideStatus.APPROVED


def test_what_changes_elsewhere_shows_by_itself(visit, desk, flicker, worker):
    visitor = visit(desk.lead)
    page = visitor.go("/dispatch/load")
    visitor.hear("sequence")
    desk.rename(flicker, "Screen is black")
    worker.work()
    expect(row_of(page, "Mia Ruiz")).to_contain_text("Screen is black")


def test_without_javascript_a_card_leads_to_its_drawer(visit, desk, flicker):
    page = visit(desk.technician, java_script_enabled=False).go("/dispatch/load")
    page.get_by_role("link", name="Give to").click()
    expect(page.get_by_role("heading", name=WHO)).to_be_visible()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_a_lead_looks_at_a_round_of_the_balancer_and_starts_it(visit, desk, scheme, width):
    desk.engage(desk.technician, "Cisco")
    desk.some_tickets("Screen flickers", "Mouse is sticky")
    looks = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    page = visit(desk.lead, **looks).go("/dispatch/load")
    page.get_by_role("link", name="Balancer").click()
    expect(page.get_by_role("heading", name="It would move 2 tickets")).to_be_visible()
    page.get_by_role("button", name="Run now").click()
    expect(page.get_by_text("2 tickets were moved.")).to_be_visible()
    expect(page.locator(".moves").get_by_text("Mia Ruiz")).to_have_count(2)
    page.evaluate(AXE)
    found = page.evaluate("tags => axe.run('main', {runOnly: tags})", ALL)
    assert found["violations"] == []
    page.get_by_role("link", name="Back to the balancer").click()
    expect(page.get_by_text("It would move nothing")).to_be_visible()
    expect(page.get_by_text("Somebody came who could have it: 2")).to_be_visible()
