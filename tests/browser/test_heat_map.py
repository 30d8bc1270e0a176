"""The heat map in a browser: it says what counting says, and every figure leads on."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from tests.vip.faring import HOUR, solved, vip


def test_the_map_shows_what_counting_counts_and_leads_to_it(visit, desk, clock):
    with desk.inside():
        person = vip(desk.lead, "exec", desk.site)
        start = timezone.now()
        for n in range(6):
            at = start + timedelta(minutes=n)
            solved(person, desk.technician, at, after=(n + 1) * HOUR, score=5 - n % 2 * 3)
    clock.shift(timedelta(days=1))
    page = visit(desk.lead).go("/sla/compliance")
    page.get_by_role("link", name="VIPs", exact=True).click()
    expect(page.get_by_role("heading", name="How VIPs fare")).to_be_visible()
    line = page.get_by_role("row", name="Exec")
    expect(line.get_by_role("link").first).to_have_text("21 min n 6")
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_label("What").select_option("Satisfaction")
    page.get_by_role("button", name="Show").click()
    expect(line.get_by_role("link").first).to_have_text("50 % n 6")

    page.get_by_role("region", name="The map").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(6)
    page.get_by_role("link", name="The whole map").click()
    expect(page.get_by_role("heading", name="How VIPs fare")).to_be_visible()


def test_who_may_not_read_it_is_not_led_there(visit, desk):
    visitor = visit(desk.technician)
    visitor.expect_refusal(403)
    page = visitor.go("/pulse/")
    expect(page.get_by_role("link", name="VIPs", exact=True)).to_have_count(0)
    visitor.go("/vip/heat-map")
    expect(page.get_by_role("heading", name="How VIPs fare")).to_have_count(0)
