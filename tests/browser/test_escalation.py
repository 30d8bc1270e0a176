"""Escalating in the browser, and the steps of a policy in Core."""

import pytest
from playwright.sync_api import expect

from sla.models import Policy
from tests.browser.test_access import ALL, AXE


def problems(page, within):
    """Return what axe finds in one part of a page."""
    page.evaluate(AXE)
    found = page.evaluate(
        "([part, tags]) => axe.run(part, {runOnly: tags})",
        [within, [tag for tag in ALL if tag != "best-practice"]],
    )
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found["violations"]]


@pytest.fixture
def ticket(desk):
    return desk.some_tickets("Screen flickers")[0]


@pytest.mark.parametrize("path", ["/tickets/T-1001", "/pulse/"])
def test_a_key_a_level_and_a_reason_escalate_a_ticket(visit, desk, ticket, path):
    page = visit(desk.technician).go(path)
    if path == "/pulse/":
        page.keyboard.press("j")
    page.keyboard.press("e")
    dialog = page.get_by_role("dialog", name="Escalate T-1001")
    dialog.get_by_label("Head of department").check()
    dialog.get_by_label("Reason").fill("The supplier does not answer.")
    assert problems(page, "dialog[open]") == []
    dialog.get_by_role("button", name="Escalate").click()

    expect(page.get_by_text("will hear of it").first).to_be_visible()
    page.goto("/tickets/T-1001")
    expect(page.locator(".escalated")).to_contain_text("The supplier does not answer.")


def test_selected_rows_are_escalated_together(visit, desk):
    desk.some_tickets("Screen flickers", "Mouse is sticky")
    page = visit(desk.technician).go("/pulse/")
    for _row in range(2):
        page.keyboard.press("j")
        page.keyboard.press("x")
    page.keyboard.press("e")
    dialog = page.get_by_role("dialog", name="Escalate 2 tickets")
    dialog.get_by_label("Reason").fill("Same cause.")
    dialog.get_by_role("button", name="Escalate").click()
    expect(page.get_by_text("2 tickets changed.").first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_step_is_added_in_core_and_reads_as_a_sentence(visit, desk, scheme):
    with desk.inside():
        policy = Policy.objects.get(name="Moderate")
    page = visit(desk.admin, color_scheme=scheme).go(f"/core/sla/policy/{policy.pk}/change/")
    steps = page.get_by_role("region", name="Escalation")
    expect(steps).to_contain_text("at 150 %: tell the head of department")
    steps.get_by_text("Another step").first.click()
    row = steps.locator("details[open]")
    row.get_by_label("At per cent of the time").fill("60")
    row.get_by_label("Team lead", exact=True).check()
    assert problems(page, ".core-steps") == []
    page.get_by_role("button", name="Save and continue editing").click()

    expect(steps).to_contain_text("at 60 %: tell the team lead")
