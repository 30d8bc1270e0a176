"""An alert of a VIP is acknowledged where it is seen, and nobody else is asked any more."""

import pytest
from playwright.sync_api import expect


@pytest.fixture
def opened(desk, worker):
    """Return a way to let a VIP's ticket come in."""
    desk.honour(desk.executive)

    def opens(title):
        ticket = desk.opened(desk.executive, title)
        worker.work()
        return ticket

    return opens


def listening(visitor, path="/pulse/"):
    page = visitor.go(path)
    visitor.hear("sequence")
    expect(page.locator("[data-newest-alert]")).to_have_count(1)
    return page


def test_who_acknowledges_in_the_toast_takes_it_from_every_page(visit, desk, opened, worker):
    mine, theirs = listening(visit(desk.technician)), listening(visit(desk.colleague))
    ticket = opened("Wall is dark")
    expect(theirs.locator(".toast.vip")).to_contain_text("Wall is dark")
    mine.locator(".toast.vip").get_by_role("button", name="Acknowledge").click()
    expect(mine.locator(".toast.vip")).to_have_count(0)
    worker.work()
    expect(theirs.locator(".toast.vip")).to_have_count(0)
    expect(theirs.locator(".bell-count")).to_have_count(0)

    theirs.goto(f"/tickets/{ticket.reference}")
    expect(theirs.locator(".vip-panel")).to_contain_text("Acknowledged by Mia Ruiz")
    theirs.goto("/notifications/")
    expect(theirs.locator(".notification")).to_contain_text("Acknowledged by Mia Ruiz")


def test_a_key_does_it_on_the_ticket_and_a_colleague_beside_it_sees_by_whom(
    visit, desk, opened, worker
):
    ticket = opened("Wall is dark")
    place = f"/tickets/{ticket.reference}"
    mine, theirs = (
        listening(visit(desk.technician), place),
        listening(visit(desk.colleague), place),
    )
    expect(theirs.locator(".vip-panel")).to_contain_text("Nobody has acknowledged it yet")
    expect(mine.locator(".vip-panel").get_by_role("button", name="Acknowledge")).to_be_visible()
    mine.keyboard.press("y")
    expect(mine.locator(".vip-panel")).to_contain_text("Acknowledged by Mia Ruiz")
    worker.work()
    expect(theirs.locator(".vip-panel")).to_contain_text("Acknowledged by Mia Ruiz")


def test_whoever_is_second_is_told_who_was_first(visit, desk, opened):
    visitor = visit(desk.colleague)
    visitor.expect_refusal(409)
    mine, theirs = listening(visit(desk.technician)), listening(visitor)
    opened("Wall is dark")
    expect(theirs.locator(".toast.vip")).to_be_visible()
    mine.locator(".toast.vip").get_by_role("button", name="Acknowledge").click()
    expect(mine.locator(".toast.vip")).to_have_count(0)
    theirs.locator(".toast.vip").get_by_role("button", name="Acknowledge").click()

    expect(theirs.locator(".toast.error")).to_contain_text("Mia Ruiz has acknowledged it already")
    expect(theirs.locator(".toast.vip")).to_have_count(0)
