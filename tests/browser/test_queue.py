"""Pulse by keyboard, and what it does while somebody looks at it."""

import pytest
from playwright.sync_api import Page, expect

from tickets.models import Ticket

TITLES = ("Mouse is sticky", "Screen flickers", "Door badge fails")


@pytest.fixture
def tickets(desk):
    """Return three ordinary tickets, in the order of the queue."""
    return desk.some_tickets(*TITLES)


@pytest.fixture
def queue(visit, desk, tickets):
    """Return the technician's window with the queue open and live."""
    visitor = visit(desk.technician)
    visitor.go("/pulse/")
    visitor.hear("sequence")
    return visitor


def row(page: Page, ticket):
    return page.locator(f"[data-row='{ticket.reference}']")


def link(page: Page, ticket):
    return row(page, ticket).locator("[data-row-link]")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def order(page: Page) -> list[str]:
    return page.locator("[data-row]").evaluate_all("rows => rows.map((row) => row.dataset.row)")


def test_j_and_k_move_and_o_opens(queue, tickets):
    press(queue.page, "j", "j")
    expect(link(queue.page, tickets[1])).to_be_focused()
    press(queue.page, "k")
    expect(link(queue.page, tickets[0])).to_be_focused()
    press(queue.page, "o")
    queue.page.wait_for_url(f"**/tickets/{tickets[0].reference}")


def test_x_selects_for_the_bar_and_escape_clears(queue):
    bar = queue.page.locator("[data-bulk]")
    press(queue.page, "j", "x", "j", "x")
    expect(bar).to_contain_text("2 selected")
    press(queue.page, "Escape")
    expect(bar).to_be_hidden()


def test_space_peeks_and_follows_until_escape(queue, tickets):
    peek = queue.page.locator("#peek")
    press(queue.page, "j", "Space")
    expect(peek).to_contain_text(TITLES[0])
    press(queue.page, "j")
    expect(peek).to_contain_text(TITLES[1])
    expect(link(queue.page, tickets[1])).to_be_focused()
    press(queue.page, "Escape")
    expect(peek).to_be_empty()


@pytest.mark.parametrize(
    ("key", "title"),
    [
        pytest.param("a", "Assign T-1001", id="assign"),
        pytest.param("s", "Move T-1001 to another stage", id="stage"),
        pytest.param("?", "Keyboard", id="help"),
    ],
)
def test_a_key_opens_its_dialog_and_escape_gives_the_focus_back(queue, tickets, key, title):
    press(queue.page, "j", key)
    dialog = queue.page.get_by_role("dialog", name=title)
    expect(dialog).to_be_visible()
    press(queue.page, "Escape")
    expect(dialog).to_be_hidden()
    expect(link(queue.page, tickets[0])).to_be_focused()


def test_slash_goes_to_the_search_and_hits_appear_while_typing(queue, tickets):
    press(queue.page, "/")
    queue.page.keyboard.type("flickers")
    expect(queue.page.locator(".search-hits")).to_contain_text(tickets[1].reference)


def test_g_and_q_lead_to_the_queue(queue, tickets):
    queue.go(f"/tickets/{tickets[0].reference}")
    press(queue.page, "g", "q")
    queue.page.wait_for_url("**/pulse/")


def test_assigning_by_keyboard_changes_the_row_alone(queue, desk, tickets, worker):
    press(queue.page, "j", "j", "a")
    queue.page.get_by_role("dialog").get_by_label("Assignee").select_option(
        label=desk.colleague.name
    )
    queue.page.get_by_role("dialog").get_by_role("button", name="Assign", exact=True).click()
    worker.work()

    expect(row(queue.page, tickets[1])).to_contain_text(desk.colleague.name)
    expect(row(queue.page, tickets[1])).to_have_attribute("data-changed", "")
    expect(row(queue.page, tickets[0])).to_contain_text("Unassigned")


def test_a_change_is_written_into_its_row_and_what_moves_waits_for_u(queue, desk, tickets, worker):
    press(queue.page, "j")
    desk.rename(tickets[2], "Door badge fails again")
    desk.move(tickets[0], "resolved", desk.colleague, resolution="Cleaned.")
    new = desk.opened(desk.requester, "Keyboard is wet")
    worker.work()

    expect(row(queue.page, tickets[2])).to_contain_text("fails again")
    expect(row(queue.page, tickets[0])).to_have_attribute("data-leaving", "")
    expect(queue.page.locator("[data-pending]")).to_contain_text("2 changed")
    assert order(queue.page) == [ticket.reference for ticket in tickets]
    press(queue.page, "u")
    expect(row(queue.page, new)).to_be_visible()
    assert order(queue.page) == [ticket.reference for ticket in (*tickets[1:], new)]


def test_counts_follow(queue, desk, worker):
    count = queue.page.get_by_role("link", name="Unassigned").locator(".count")
    expect(count).to_have_text("3")
    desk.opened(desk.requester, "Keyboard is wet")
    worker.work()
    expect(count).to_have_text("4")


def test_a_server_that_was_away_leaves_no_gap(queue, desk, tickets, worker, server):
    queue.expect_cut()
    press(queue.page, "j")
    dot = queue.page.locator("[data-live-dot]")
    server.stop()
    expect(dot).to_have_attribute("data-state", "lost")
    expect(dot).to_contain_text("reconnecting")
    desk.rename(tickets[1], "Screen flickers in blue")
    worker.work()
    server.start()

    expect(dot).to_have_attribute("data-state", "live", timeout=20_000)
    expect(row(queue.page, tickets[1])).to_contain_text("in blue")


def test_what_a_vips_row_displaces_is_no_change(queue, desk, tickets, worker, monkeypatch):
    """The row comes by itself. Those below it wait for nothing, nor who went to the next page."""
    monkeypatch.setattr("tickets.views.queue.PAGE", len(tickets))
    desk.honour(desk.executive)
    vip = desk.opened(desk.executive, "Wall is dark")
    worker.work()

    expect(row(queue.page, vip)).to_be_visible()
    assert order(queue.page) == [ticket.reference for ticket in (vip, *tickets)]
    expect(queue.page.locator("[data-pending]")).to_be_hidden()

    second = desk.opened(desk.executive, "Wall is grey")
    desk.opened(desk.executive, "Wall is red")
    press(queue.page, "j")
    worker.work()
    expect(row(queue.page, second)).to_be_visible()
    expect(queue.page.locator("[data-pending]")).to_be_hidden()


def test_one_row_that_moves_is_one_change(queue, desk, tickets, worker):
    press(queue.page, "j")
    with desk.inside():
        Ticket.objects.filter(pk=tickets[2].pk).update(vip_priority_score=50)
    desk.rename(tickets[2], "Door badge fails again")
    worker.work()

    expect(row(queue.page, tickets[2])).to_contain_text("fails again")
    expect(queue.page.locator("[data-pending]")).to_contain_text("1 changed")


PLACES = """() => {
    const line = document.querySelector("[data-tabs]");
    const { left, right } = line.querySelector("[aria-current]").getBoundingClientRect();
    const box = line.getBoundingClientRect();
    return {
        isInSight: left >= box.left - 1 && right <= box.right + 1,
        isLonger: line.scrollWidth > line.clientWidth,
        moved: line.scrollLeft,
        down: window.scrollY,
    };
}"""


def test_on_a_phone_the_chosen_tab_is_in_sight_and_stays_where_one_leaves_it(
    visit, desk, tickets, worker
):
    visitor = visit(desk.technician, viewport={"width": 360, "height": 240})
    page = visitor.go("/pulse/?view=breached")
    visitor.hear("sequence")
    count = page.get_by_role("link", name="Unassigned").locator(".count")
    expect(count).to_have_text("3")  # the line that came after the page
    places = page.evaluate(PLACES)
    assert places == {"isInSight": True, "isLonger": True, "moved": places["moved"], "down": 0}
    assert places["moved"] > 0

    page.evaluate("document.querySelector('[data-tabs]').scrollLeft = 7")
    page.evaluate("window.scrollTo(0, 150)")
    desk.opened(desk.requester, "Keyboard is wet")
    worker.work()
    expect(count).to_have_text("4")
    places = page.evaluate(PLACES)
    assert (places["moved"], places["down"]) == (7, 150)
