"""A recalculation in the browser: previewed with progress, applied, and undone."""

import os

import pytest
from playwright.sync_api import expect

from sla.services import RECALCULATING
from tests.browser.test_access import AXE, RULES
from tests.factories import NOW
from tests.sla.living import promise
from tests.sla.test_recalculations import restate


def finish(desk, worker):
    """Let a worker do all of it, as a task may not run where an event loop does."""

    def all_of_it():
        while RECALCULATING.advance(desk.tenant.pk, now=NOW):
            pass

    worker.do(all_of_it)


@pytest.fixture
def changed(desk):
    """Return a desk with tickets whose policy has other targets by now."""
    with desk.inside():
        policy = promise(240)
    desk.some_tickets("Screen flickers", "Phone is dead", "Door does not open")
    with desk.inside():
        restate(policy, desk.admin, 120)
    return desk


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_a_recalculation_is_previewed_applied_and_undone(visit, changed, worker, scheme, width):
    looks = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    page = visit(changed.admin, **looks).go("/core/sla/recalculation/add/")
    shot(page, "new", scheme, width)
    page.get_by_label("Why", exact=True).fill("New contract with the studio")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("progressbar", name="Progress")).to_be_visible()
    shot(page, "previewing", scheme, width)
    finish(changed, worker)
    expect(page.get_by_text("3 due times move, 0 become breached")).to_be_visible()
    expect(page.get_by_role("link", name="Apply…")).to_be_visible()
    shot(page, "previewed", scheme, width)
    overflow = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(overflow)

    page.get_by_role("link", name="Apply…").click()
    shot(page, "ask", scheme, width)
    page.get_by_role("button", name="Apply Recalculation").click()
    finish(changed, worker)
    expect(page.get_by_text("Applied", exact=True)).to_be_visible()
    page.get_by_role("link", name="Undo…").click()
    page.get_by_role("button", name="Undo Recalculation").click()
    finish(changed, worker)
    expect(page.get_by_text("It undoes recalculation")).to_be_visible()
    expect(page.get_by_text("Applied", exact=True)).to_be_visible()
    shot(page, "undone", scheme, width)


def barriers(page, scheme):
    """Return what axe finds on this page, beside the theme's own frame around it."""
    page.evaluate(AXE)
    options = {"runOnly": RULES[scheme], "resultTypes": ["violations"]}
    script = "(options) => axe.run('.recalculation', options)"
    found = page.evaluate(script, options)["violations"]
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]


def shot(page, name, scheme, width):
    """Look for barriers; keep a picture where a folder is named."""
    assert barriers(page, scheme) == []
    folder = os.environ.get("SHOTS")
    if folder:
        page.screenshot(path=f"{folder}/{name}-{scheme}-{width}.png", full_page=True)
