"""An admin arranges what is promised, and a lead reads what became of it."""

from playwright.sync_api import expect


def test_a_draft_is_written_published_and_tried(visit, desk):
    page = visit(desk.admin).go("/core/sla/policy/add/")
    page.get_by_label("Name", exact=False).first.fill("Studios at once")
    page.get_by_label("Order", exact=False).first.fill("1")
    page.get_by_label("Service request").check()
    page.locator("[name=resolution_span]").fill("20")
    page.locator("[name=resolution_calendar]").select_option(label="Around the clock")
    page.get_by_role("button", name="Save and continue editing").click()
    page.get_by_role("button", name="Save and publish").click()
    expect(page.get_by_text("It is in force.")).to_be_visible()

    page.goto("/core/sla/policy/match?kind=request")
    expect(page.locator(".core-verdicts .is-chosen")).to_contain_text("Studios at once")
    page.get_by_label("Kind").select_option(label="Incident")
    page.get_by_role("button", name="Ask").click()
    expect(page.locator(".core-verdicts li").first).to_contain_text("Kind must be Service request")


def test_a_lead_follows_a_number_to_its_ticket(visit, desk):
    [ticket] = desk.some_tickets("Mouse is sticky")
    desk.move(ticket, "resolved", desk.technician, resolution="Cleaned.")
    page = visit(desk.lead).go("/pulse/")
    page.get_by_role("link", name="Analytics").click()
    expect(page.get_by_role("heading", name="Service levels")).to_be_visible()
    page.locator(".report-sum").first.get_by_role("link", name="1", exact=True).first.click()
    page.get_by_role("link", name="Mouse is sticky").click()
    expect(page.get_by_role("heading", name="Mouse is sticky")).to_be_visible()
