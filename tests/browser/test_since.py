"""What happens after a page is made and before its socket is open is told all the same."""

import pytest
from playwright.sync_api import expect

PLACES = {"technician": "/tickets/{}", "requester": "/portal/{}"}


@pytest.fixture
def ticket(desk, worker):
    """Return an ordinary ticket, of which all is told."""
    made = desk.opened(desk.requester, "Screen flickers")
    worker.work()
    return made


def opened_without_socket(visitor, path):
    """Open a page whose socket waits, and return what lets it begin."""
    held = []

    def hold(route):
        held.append(route)

    visitor.page.route("**/js/live.js", hold)
    visitor.page.goto(path, wait_until="commit")
    while not held:
        visitor.page.wait_for_timeout(20)
    return held[0].continue_


@pytest.mark.parametrize("who", PLACES)
def test_a_reply_between_the_page_and_its_socket_appears_by_itself(
    visit, desk, worker, ticket, who
):
    visitor = visit(getattr(desk, who))
    begin = opened_without_socket(visitor, PLACES[who].format(ticket.reference))
    desk.reply(ticket, desk.lead, "We are on our way.")
    worker.work()
    begin()

    expect(visitor.page.get_by_text("We are on our way.")).to_be_visible()


def test_a_ticket_between_the_queue_and_its_socket_appears_by_itself(visit, desk, worker, ticket):
    visitor = visit(desk.technician)
    begin = opened_without_socket(visitor, "/pulse/")
    desk.opened(desk.requester, "Mouse is sticky")
    worker.work()
    begin()

    page = visitor.page
    expect(page.get_by_text("1 changed").or_(page.get_by_text("Mouse is sticky"))).to_be_visible()
