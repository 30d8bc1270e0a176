"""The ticket's page while several people work on it."""

import pytest
from playwright.sync_api import expect

from tickets.models import ReplyTemplate


@pytest.fixture
def ticket(desk):
    """Return an ordinary ticket."""
    return desk.opened(desk.requester, "Screen flickers", description="Only in the morning.")


@pytest.fixture
def mine(visit, desk, ticket):
    """Return the technician's window with the ticket open and live."""
    visitor = visit(desk.technician)
    visitor.go(f"/tickets/{ticket.reference}")
    visitor.hear("sequence")
    return visitor


def words(page):
    return page.get_by_label("Your words")


def test_a_draft_survives_a_reload(mine):
    words(mine.page).fill("Please try another cable.")
    expect(mine.page.get_by_text("draft kept")).to_be_visible()
    mine.page.reload()
    expect(words(mine.page)).to_have_value("Please try another cable.")


def test_a_reply_over_an_unseen_one_asks_first_and_keeps_the_words(mine, desk, ticket, worker):
    mine.expect_refusal(422)
    words(mine.page).fill("Please try another cable.")
    desk.reply(ticket, desk.colleague, "I am bringing a new screen.")
    worker.work()
    expect(mine.page.locator(".timeline")).to_contain_text("I am bringing a new screen.")
    mine.page.get_by_role("button", name="Send reply").click()

    expect(mine.page.get_by_role("alert")).to_contain_text("Noor Haddad answered")
    expect(words(mine.page)).to_have_value("Please try another cable.")
    mine.page.get_by_role("button", name="Send mine all the same").click()
    expect(mine.page.locator(".timeline")).to_contain_text("Please try another cable.")
    expect(words(mine.page)).to_have_value("")


def test_a_sent_reply_leaves_no_draft(mine):
    words(mine.page).fill("It is on its way.")
    expect(mine.page.get_by_text("draft kept")).to_be_visible()
    mine.page.keyboard.press("Control+Enter")
    expect(mine.page.locator(".timeline")).to_contain_text("It is on its way.")
    mine.page.reload()
    expect(words(mine.page)).to_have_value("")


def test_others_are_seen_to_come_to_type_and_to_leave(mine, visit, desk, ticket):
    other = visit(desk.colleague)
    other.go(f"/tickets/{ticket.reference}")
    others = mine.page.locator(".ticket-presence")
    expect(others).to_contain_text("Noor Haddad")
    words(other.page).press_sequentially("I think")
    expect(others).to_contain_text("Noor Haddad is typing")
    other.page.close()
    expect(others).not_to_contain_text("Noor Haddad")


def test_what_the_requester_says_appears_while_one_looks(mine, desk, ticket, worker):
    desk.reply(ticket, desk.requester, "Now in the evening, too.")
    worker.work()
    expect(mine.page.locator(".timeline")).to_contain_text("Now in the evening, too.")


def test_what_is_swapped_in_inherits_no_style_from_what_a_script_placed(
    mine, desk, ticket, worker
):
    """The content policy would refuse it, and the console, which fails a test, would say so."""
    mine.page.evaluate("document.querySelectorAll('.page [id]').forEach((o) => o.style.left = 0)")
    desk.reply(ticket, desk.requester, "Now in the evening, too.")
    worker.work()
    expect(mine.page.locator(".timeline")).to_contain_text("Now in the evening, too.")
    mine.page.locator("#fact-impact").get_by_role("link").or_(
        mine.page.locator("#fact-impact").get_by_role("button")
    ).first.click()
    expect(mine.page.locator("#fact-impact").get_by_role("combobox")).to_be_visible()


def test_a_note_is_for_the_desk_alone(mine, visit, desk, ticket):
    mine.page.get_by_text("Internal note", exact=True).click()
    words(mine.page).fill("The third one this week.")
    mine.page.get_by_role("button", name="Add note").click()
    expect(mine.page.locator(".timeline .note")).to_contain_text("The third one this week.")

    theirs = visit(desk.requester).go(f"/portal/{ticket.reference}")
    expect(theirs.locator(".timeline")).not_to_contain_text("The third one")


def test_a_clock_says_why(mine):
    mine.page.get_by_role("link", name="why?").first.click()
    dialog = mine.page.get_by_role("dialog")
    expect(dialog).to_contain_text("First response of T-1001")
    mine.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(mine.page.get_by_role("link", name="why?").first).to_be_focused()


def test_a_fact_is_edited_in_its_place(mine):
    fact = mine.page.locator("#fact-impact")
    fact.get_by_role("link").or_(fact.get_by_role("button")).first.click()
    fact.get_by_role("combobox").select_option("high")
    fact.get_by_role("button", name="Save").click()
    expect(fact).to_contain_text("High")


def test_words_kept_ready_are_inserted_by_keyboard_where_the_cursor_is(mine, desk, ticket):
    with desk.inside():
        ReplyTemplate.objects.create(
            tenant=desk.tenant, title="Restart", body="{requester}, please restart it."
        )
    words(mine.page).fill("Hello ")
    words(mine.page).press("Alt+t")
    choice = mine.page.get_by_role("button", name="Restart")
    expect(choice).to_be_focused()
    choice.press("Enter")

    expect(words(mine.page)).to_have_value("Hello Ken Sato, please restart it.")
    expect(words(mine.page)).to_be_focused()
    expect(mine.page.get_by_text("draft kept")).to_be_visible()
