"""Stardust in a browser: from the profile to one's points, and out of it by the keyboard."""

from playwright.sync_api import expect


def test_one_finds_ones_points_and_stops_taking_part(visit, desk, worker):
    [mouse] = desk.some_tickets("Mouse is sticky")
    desk.take(mouse, desk.technician)
    desk.move(mouse, "resolved", desk.technician, resolution="Cleaned.")
    worker.work()
    lead = visit(desk.lead).go("/sla/compliance")
    lead.get_by_role("link", name="Stardust", exact=True).click()
    expect(lead.get_by_role("row", name="Mia Ruiz")).to_contain_text("10")

    page = visit(desk.technician).go("/accounts/profile")
    page.get_by_role("link", name="Your Stardust").click()
    expect(page.get_by_text("10 points this week.")).to_be_visible()
    expect(page.get_by_role("row", name="Mouse is sticky")).to_contain_text("of the time left")
    page.get_by_role("button", name="Stop taking part").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Take part again")).to_be_visible()
    lead.reload()
    expect(lead.get_by_role("row", name="Mia Ruiz")).to_have_count(0)

    page.get_by_role("link", name="Mouse is sticky").click()
    expect(page.get_by_role("heading", name="Mouse is sticky")).to_be_visible()
