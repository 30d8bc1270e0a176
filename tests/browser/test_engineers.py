"""Engineers in a browser: one's own page by the keyboard, and a day changed from the calendar."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from dispatch.models import Skill


@pytest.fixture
def _engineer(desk):
    desk.engage(desk.technician, "Cisco")
    with desk.inside():
        Skill.objects.create(tenant=desk.tenant, name="Linux")


@pytest.mark.usefixtures("_engineer")
def test_one_says_what_one_knows_and_takes_leave(visit, desk):
    visitor = visit(desk.technician)
    visitor.expect_refusal(422)
    page = visitor.go("/accounts/profile")
    page.get_by_role("link", name="You as an engineer").click()
    expect(page.get_by_text("On duty until")).to_be_visible()
    page.get_by_text("Change what is known").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Another skill").select_option("Linux")
    page.get_by_label("How well").select_option("3 well")
    page.get_by_label("Another language").select_option("German")
    page.get_by_role("button", name="Save what is known").press("Enter")
    expect(page.get_by_text("Linux 3")).to_be_visible()
    expect(page.locator(".engineer-facts")).to_contain_text("German")

    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    page.get_by_label("First day").fill(tomorrow)
    page.get_by_role("button", name="Add these days").press("Enter")
    expect(page.locator(".engineer-days")).to_contain_text("Leave")
    page.get_by_label("First day").fill(tomorrow)
    page.get_by_role("button", name="Add these days").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("it is changed already: Leave.")


@pytest.mark.usefixtures("_engineer")
def test_a_lead_changes_a_day_from_the_calendar(visit, desk):
    page = visit(desk.lead).go("/pulse/")
    page.keyboard.press("g")
    page.keyboard.press("d")
    page.get_by_role("link", name="Roster").click()
    expect(page.get_by_role("heading", name="On duty now: 1 of 1")).to_be_visible()
    page.locator(".roster-day.is-today .roster-add").click()
    page.get_by_label("What", exact=True).select_option("Training")
    page.get_by_role("button", name="Add these days").click()
    expect(page.locator(".roster-day.is-today")).to_contain_text("Training")
    expect(page.get_by_text("Nobody. What comes in waits")).to_be_visible()

    colleague = visit(desk.colleague).go("/dispatch/roster")
    expect(colleague.locator(".roster-day.is-today")).to_contain_text("Away")
    expect(colleague.locator(".roster-add")).to_have_count(0)
    colleague.get_by_role("link", name="Later").click()
    expect(colleague.locator(".roster-day.is-today")).to_have_count(0)
