"""What happens after a page is made and before its socket is open is told all the same."""

import pytest
from playwright.sync_api import expect

PLACES = {"technician": "/tickets/{}", "requester": "/portal/{}"}


@pytest.mark.parametrize("who", PLACES)
def test_a_reply_between_the_page_and_its_socket_appears_by_itself(visit, desk, worker, who):
    (ticket,) = desk.some_tickets("Screen flickers")
    visitor = visit(getattr(desk, who))
    worker.work()

    def reply_first(route):
        desk.reply(ticket, desk.lead, "We are on our way.")
        worker.work()
        route.continue_()

    visitor.page.route("**/js/live.js", reply_first)
    page = visitor.go(PLACES[who].format(ticket.reference))
    expect(page.get_by_text("We are on our way.")).to_be_visible()


def test_a_ticket_between_the_queue_and_its_socket_appears_by_itself(visit, desk, worker):
    desk.some_tickets("Screen flickers")
    visitor = visit(desk.technician)
    worker.work()

    def open_first(route):
        desk.opened(desk.requester, "Mouse is sticky")
        worker.work()
        route.continue_()

    visitor.page.route("**/js/live.js", open_first)
    page = visitor.go("/pulse/")
    expect(page.get_by_text("1 changed").or_(page.get_by_text("Mouse is sticky"))).to_be_visible()
