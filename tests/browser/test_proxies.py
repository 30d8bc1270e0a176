"""Acting for somebody: appointed, reported, answered, and seen by whose name it bears."""

import pytest
from playwright.sync_api import expect


def appointed(page):
    """Let the assistant act, by the person's own page."""
    page.get_by_label("Name or e-mail").fill("Aylin")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("radio", name="Aylin Kaya")).to_be_checked()
    page.get_by_label("Why").fill("Keeps my diary")
    page.get_by_role("button", name="Let them act").click()
    expect(page.get_by_role("list", name="Who acts for you")).to_contain_text("Keeps my diary")


@pytest.mark.parametrize("has_script", [True, False])
def test_an_assistant_submits_for_a_vip_who_sees_it(visit, desk, has_script):
    desk.honour(desk.executive)
    theirs = visit(desk.executive, java_script_enabled=has_script).go("/accounts/proxies")
    appointed(theirs)

    page = visit(desk.assistant, java_script_enabled=has_script).go("/portal/")
    page.get_by_label("What is wrong?").fill("Wall is dark")
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("For whom?").select_option("Vera Lind")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("This is for Vera Lind.")).to_be_visible()
    page.get_by_role("textbox", name="Your answer").fill("Studio two.")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".timeline")).to_contain_text("Studio two.")

    [ticket] = desk.tickets()
    assert (ticket.requester_id, ticket.submitted_by_id) == (desk.executive.pk, desk.assistant.pk)
    assert ticket.vip_level == "exec"
    theirs.goto("/portal/in-your-name")
    expect(theirs.locator(".acts")).to_contain_text("Aylin Kaya reported it for you")
    theirs.get_by_role("link", name="Wall is dark").first.click()
    expect(theirs.locator(".timeline")).to_contain_text("on behalf of you")


def test_the_person_ends_it_by_keyboard_and_the_assistants_page_is_gone(visit, desk):
    desk.let_act(desk.executive, desk.assistant, "view")
    ticket = desk.opened(desk.executive, "Wall is dark")
    assistants = visit(desk.assistant)
    assistants.expect_refusal(404)
    page = assistants.go(f"/portal/{ticket.reference}")
    expect(page.get_by_text("To answer it is for Vera Lind")).to_be_visible()

    theirs = visit(desk.executive).go("/accounts/proxies")
    theirs.get_by_role("button", name="End it: Aylin Kaya").focus()
    theirs.keyboard.press("Enter")
    theirs.get_by_role("dialog").get_by_role("button", name="End it").press("Enter")
    expect(theirs.get_by_role("button", name="End it: Aylin Kaya")).to_have_count(0)
    page.reload()
    expect(page.get_by_text("Wall is dark")).to_have_count(0)


def test_the_desk_reads_for_whom_it_is_and_who_acts(visit, desk):
    desk.let_act(desk.executive, desk.assistant, "view", "reply")
    ticket = desk.opened(desk.executive, "Wall is dark", submitted_by=desk.assistant)
    desk.reply(ticket, desk.assistant, "Studio two.", on_behalf_of=desk.executive)
    page = visit(desk.technician).go(f"/tickets/{ticket.reference}")
    people = page.get_by_role("region", name="People")
    for words in ("For Vera Lind", "Sent by Aylin Kaya", "Acts for them Aylin Kaya"):
        label, name = words.rsplit(" ", 2)[0], " ".join(words.rsplit(" ", 2)[1:])
        term = people.locator("dt", has_text=label).first
        expect(term.locator("xpath=following-sibling::dd[1]")).to_contain_text(name)
    expect(page.locator(".timeline")).to_contain_text("on behalf of Vera Lind")
