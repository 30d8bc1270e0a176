"""The requester's own pages, with JavaScript and without."""

from playwright.sync_api import expect

from tickets.survey import link_for


def test_without_javascript_one_can_report_answer_and_confirm(visit, desk):
    page = visit(desk.requester, java_script_enabled=False).go("/portal/")
    page.get_by_label("What is wrong?").fill("Screen flickers")
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("It slows me down").check()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("We have it.")).to_be_visible()

    page.get_by_role("textbox", name="Your answer").fill("Only in the morning.")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".timeline")).to_contain_text("Only in the morning.")

    [ticket] = desk.tickets()
    desk.move(ticket, "resolved", desk.technician, resolution="A new cable.")
    page.reload()
    expect(page.get_by_text("A new cable.")).to_be_visible()
    page.get_by_role("button", name="Yes, it is solved").click()
    expect(page.locator(".way [aria-current]")).to_contain_text("Solved")


def test_without_javascript_a_technician_can_reply_and_move(visit, desk):
    ticket = desk.opened(desk.requester, "Screen flickers")
    page = visit(desk.technician, java_script_enabled=False).go("/pulse/")
    page.get_by_role("link", name="Screen flickers").click()
    page.get_by_label("Your words").fill("We are on it.")
    page.get_by_role("button", name="Send reply").click()
    expect(page.locator(".timeline")).to_contain_text("We are on it.")
    page.get_by_role("button", name="Acknowledge").click()
    expect(page.locator(".track-large [aria-current]")).to_contain_text("Acknowledged")
    assert desk.tickets() == [ticket]


def test_an_answer_from_the_desk_appears_and_a_solution_asks_for_a_verdict(visit, desk, worker):
    ticket = desk.opened(desk.requester, "Screen flickers")
    visitor = visit(desk.requester)
    page = visitor.go(f"/portal/{ticket.reference}")
    visitor.hear("sequence")
    page.get_by_role("textbox", name="Your answer").fill("Perhaps the cable?")
    desk.reply(ticket, desk.technician, "We are on it.")
    worker.work()
    expect(page.locator(".timeline")).to_contain_text("We are on it.")
    expect(page.get_by_role("textbox", name="Your answer")).to_have_value("Perhaps the cable?")
    desk.move(ticket, "resolved", desk.technician, resolution="A new cable.")
    worker.work()
    expect(page.get_by_role("button", name="Yes, it is solved")).to_be_visible()

    page.get_by_role("button", name="No, it is not solved").click()
    expect(page.locator(".way [aria-current]")).to_contain_text("Received again")


def test_reporting_for_the_first_time_asks_only_one_thing(visit, desk):
    visitor = visit(desk.requester)
    visitor.expect_refusal(422)
    page = visitor.go("/portal/")
    expect(page.locator("main form.ask input:visible")).to_have_count(1)
    page.get_by_label("What is wrong?").fill("Screen flickers")
    page.keyboard.press("Enter")
    page.get_by_label("What is wrong?").fill("   ")
    page.get_by_label("Tell us more").fill("Only in the morning.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing that you typed is lost")
    expect(page.get_by_label("Tell us more")).to_have_value("Only in the morning.")


def test_a_solved_report_is_rated_by_keyboard_and_the_answer_may_be_changed(visit, desk, worker):
    ticket = desk.opened(desk.requester, "Screen flickers")
    desk.move(ticket, "resolved", desk.technician, resolution="A new cable.")
    page = visit(desk.requester).go(f"/portal/{ticket.reference}")
    page.get_by_role("radio", name="1 Bad").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_label("What was good").fill("Quick.")
    page.get_by_role("button", name="Send your answer").click()
    expect(page.get_by_text("Poor, 2 of 5.")).to_be_visible()
    page.get_by_text("Change it").click()
    page.get_by_role("radio", name="5 Excellent").check()
    page.get_by_role("button", name="Send your answer").click()
    expect(page.get_by_text("Excellent, 5 of 5.")).to_be_visible()
    worker.work()
    page = visit(desk.technician).go(f"/tickets/{ticket.reference}")
    expect(page.locator("#ticket-side")).to_contain_text("5 of 5")


def test_the_link_of_a_mail_asks_without_signing_in(visit, desk):
    ticket = desk.opened(desk.requester, "Screen flickers")
    desk.move(ticket, "resolved", desk.technician, resolution="A new cable.")
    page = visit(java_script_enabled=False).go(link_for(ticket, desk.requester))
    page.get_by_role("radio", name="4 Good").check()
    page.get_by_role("button", name="Send your answer").click()
    expect(page.get_by_text("Good, 4 of 5.")).to_be_visible()
