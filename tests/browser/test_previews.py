"""Core shows in the browser what a form would do, before it is saved."""

import os

import pytest
from playwright.sync_api import expect

from dispatch.models import AssignmentPolicy
from dispatch.services import current_policy
from nova.tenancy import fence
from tests.browser.test_access import AXE, RULES
from tickets.models import DeskSettings
from tickets.services import follow_weights
from vip.models import VipRule

LOOKS = [("light", 1280), ("dark", 360)]
OVERFLOW = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def seen(page, name, scheme, width):
    """Look for barriers on our part of the page; keep a picture where a folder is named."""
    page.evaluate(AXE)
    options = {"runOnly": RULES[scheme], "resultTypes": ["violations"]}
    found = page.evaluate("(options) => axe.run('.core-page', options)", options)["violations"]
    assert [f"{rule['id']}: {node['html']}" for rule in found for node in rule["nodes"]] == []
    assert not page.evaluate(OVERFLOW)
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}-{scheme}-{width}.png", full_page=True)


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_an_admin_designates_by_rule_and_sees_whom_first(visit, desk, scheme, width):
    looks = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    page = visit(desk.admin, **looks).go("/core/vip/viprule/add/")
    page.get_by_label("Name").first.fill("Editors")
    page.get_by_label("Level").select_option("gold")
    page.get_by_label("Reason").fill("They are on air")
    page.locator("[name=clauses-0-attribute]").fill("title")
    page.locator("[name=clauses-0-operator]").select_option("is")
    page.locator("[name=clauses-0-value]").fill("editor")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("It would make 3 people Gold.")).to_be_visible()
    for name in ("Ken Sato", "Vera Lind", "Vita Lund"):
        expect(page.get_by_role("rowheader", name=name)).to_be_visible()
    seen(page, "rule", scheme, width)

    page.get_by_role("button", name="Back to the rule").click()
    expect(page.get_by_text("It is not saved yet.")).to_be_visible()
    assert page.locator("[name=clauses-0-value]").input_value() == "editor"
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="Save the rule").click()
    expect(page.get_by_role("link", name="Editors").first).to_be_visible()
    with desk.inside():
        assert VipRule.objects.get().level == "gold"


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_an_admin_weighs_levels_on_the_real_queue(visit, desk, scheme, width):
    desk.honour(desk.executive)
    desk.opened(desk.requester, "Screen flickers")
    with fence.inside(desk.tenant.pk):
        settings = DeskSettings.objects.get()
    looks = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    page = visit(desk.admin, **looks).go(f"/core/tickets/desksettings/{settings.pk}/change/")
    page.get_by_label("Points of an Exec").fill("150")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("A stronger level counts no less than a weaker one.")).to_be_visible()
    page.get_by_label("Points of a Gold").fill("150")
    page.get_by_label("Fairness limit hours").fill("12")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("of the first 50")).to_be_visible()
    expect(page.get_by_role("rowheader", name="T-1001 Screen flickers")).to_be_visible()
    seen(page, "queue", scheme, width)

    page.get_by_role("button", name="Save the settings").click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    with fence.inside(desk.tenant.pk):
        settings.refresh_from_db()
        assert (
            follow_weights(desk.tenant.pk, actor=desk.admin, now=settings.tenant.created_at) == 0
        )
    assert (settings.exec_points, settings.fairness_limit_hours) == (150, 12)


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_an_admin_weighs_what_counts_in_assignment_and_sees_who_would_be_first(
    visit, desk, scheme, width
):
    desk.engage(desk.technician, "Cisco")
    desk.engage(desk.colleague, "Linux")
    desk.some_tickets("Screen flickers", "Mouse is sticky")
    with desk.inside():
        policy = current_policy(desk.tenant.pk, desk.tenant.created_at)
    looks = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    page = visit(desk.admin, **looks).go(f"/core/dispatch/assignmentpolicy/{policy.pk}/change/")
    page.get_by_label("Room").fill("101")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("This field is required.")).to_be_visible()
    expect(page.get_by_text("less than or equal to 100")).to_be_visible()
    page.get_by_label("Room").fill("80")
    page.get_by_label("Why it is changed").fill("Nobody stands idle")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Of the newest 2 open tickets")).to_be_visible()
    expect(page.get_by_role("rowheader", name="T-1001 Screen flickers")).to_be_visible()
    seen(page, "assignment", scheme, width)

    page.get_by_role("button", name="Put it in force").click()
    expect(page.get_by_text("v2, in force")).to_be_visible()
    expect(page.get_by_text("Room: 60 → 80")).to_be_visible()
    with desk.inside():
        assert AssignmentPolicy.objects.latest("number").weights["room"] == 80
