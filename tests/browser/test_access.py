"""Every page for everybody: axe finds nothing in light and dark, wide and narrow, and on a phone
nothing is wider than the screen."""

from datetime import time
from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from dispatch.services import ask_override
from tests.dispatch.making import EngineerFactory, ShiftFactory
from tickets.survey import link_for

AXE = Axe().axe_script
ALL = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
# In the dark only the colours are others.
RULES = {"light": ALL, "dark": COLOURS}
SETTLED = "() => !document.querySelector('.htmx-request, .htmx-settling')"
IS_SO = """([width, scheme]) =>
    innerWidth === width && matchMedia(`(prefers-color-scheme: ${scheme})`).matches"""
PAINTED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
STILL = """() => !document.getAnimations().some((one) =>
    one instanceof CSSTransition && one.effect.target.checkVisibility())"""
PAGES = {
    "sign-in": ("", "/accounts/sign-in"),
    "reset": ("", "/accounts/password-reset"),
    "Pulse": ("technician", "/pulse/"),
    "empty Pulse": ("technician", "/pulse/?view=mine"),
    "filters": ("technician", "/pulse/filters"),
    "ticket": ("technician", "/tickets/T-1001"),
    "ticket of a VIP": ("lead", "/tickets/T-1003"),
    "assign": ("technician", "/tickets/T-1001/assign"),
    "stage": ("technician", "/tickets/T-1001/stage"),
    "escalate": ("lead", "/tickets/T-1001/escalate"),
    "merge": ("technician", "/tickets/T-1001/merge"),
    "delete": ("lead", "/tickets/T-1001/delete"),
    "activity": ("technician", "/tickets/T-1001/activity"),
    "notifications": ("technician", "/notifications/"),
    "devices": ("technician", "/notifications/devices"),
    "search": ("technician", "/search?q=screen"),
    "profile": ("technician", "/accounts/profile"),
    "keys": ("technician", "/accounts/keys"),
    "saved views": ("technician", "/pulse/views/all"),
    "nothing here": ("technician", "/nowhere"),
    "Cosmo's questions": ("lead", "/vip/recognitions"),
    "reports": ("lead", "/sla/compliance"),
    "verdicts": ("lead", "/sla/compliance/tickets?outcome=all"),
    "prediction": ("admin", "/sla/prediction"),
    "satisfaction": ("lead", "/satisfaction"),
    "who has what": ("lead", "/dispatch/load"),
    "balancer": ("lead", "/dispatch/balance"),
    "own work": ("colleague", "/dispatch/mine"),
    "what is free": ("technician", "/dispatch/mine"),
    "overrides": ("lead", "/dispatch/overrides"),
    "VIPs": ("lead", "/vip/heat-map"),
    "VIPs by weekday": ("lead", "/vip/heat-map?view=level_weekday&measure=satisfaction"),
    "VIP handling": ("lead", "/vip/handling"),
    "VIPs of a cell": ("lead", "/vip/heat-map/tickets?line=exec"),
    "own Stardust": ("technician", "/stardust/"),
    "everybody's Stardust": ("lead", "/stardust/team"),
    "calendar of the team": ("lead", "/dispatch/roster"),
    "oneself as an engineer": ("technician", "/dispatch/me"),
    "new engineer": ("lead", "/dispatch/engineers/add"),
    "portal": ("requester", "/portal/"),
    "report": ("requester", "/portal/report?title=Screen+flickers"),
    "own ticket": ("requester", "/portal/T-1001"),
    "solved ticket": ("requester", "/portal/T-1002"),
    "report for somebody": ("assistant", "/portal/report?title=Wall"),
    "ticket of somebody": ("assistant", "/portal/T-1003"),
    "who acts": ("executive", "/accounts/proxies?who=Sato"),
    "done in one's name": ("executive", "/portal/in-your-name"),
    "own notifications": ("requester", "/notifications/"),
    "own search": ("requester", "/search?q=screen"),
}


@pytest.fixture
def _life(desk, worker):
    """Fill the pages: a talk, a solved ticket, VIPs', one of them solved, and one overdue."""
    desk.engage(desk.technician, "Cisco")
    desk.honour(desk.executive)
    flicker, mouse = desk.some_tickets("Screen flickers", "Mouse is sticky")
    desk.reply(flicker, desk.technician, "Is it so **every** morning?\n\n- cable\n- light")
    desk.reply(flicker, desk.requester, "Yes, and `xrandr` says nothing.")
    desk.take(mouse, desk.technician)
    desk.move(mouse, "resolved", desk.technician, resolution="Cleaned.")
    desk.let_act(desk.executive, desk.assistant, "submit", "view", "reply")
    wall = desk.opened(desk.executive, "Wall is dark", submitted_by=desk.assistant)
    desk.reply(wall, desk.assistant, "Studio two.", on_behalf_of=desk.executive)
    worker.work()
    slides = desk.opened(desk.requester, "Slides for Vera Lind freeze")
    desk.opened(desk.assistant, "On behalf of Vera Lind: the phone is dead")
    badge = desk.opened(desk.executive, "Badge opens no door")
    desk.take(badge, desk.technician)
    desk.move(badge, "resolved", desk.technician, resolution="Renewed.")
    worker.work()
    _give_work(desk, slides)


@pytest.mark.usefixtures("_life")
@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_barriers_and_fits_a_phone(visit, desk, name):
    role, path = PAGES[name]
    visitor = visit(getattr(desk, role) if role else None)
    visitor.expect_refusal(404)
    page = visitor.go(path)
    found = {
        (width, scheme): _problems(page, RULES[scheme])
        for width, scheme in product((1280, 360), ("light", "dark"))
        if _resized(page, width, scheme)
    }
    assert {view: problems for view, problems in found.items() if problems} == {}
    assert {width: _too_wide(page, width) for width in (360, 320)} == {360: 0, 320: 0}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_question_of_a_mail_has_no_barriers_and_fits_a_phone(visit, desk, scheme):
    ticket = desk.opened(desk.requester, "Screen flickers")
    desk.move(ticket, "resolved", desk.technician, resolution="Cleaned.")
    page = visit(color_scheme=scheme).go(link_for(ticket, desk.requester))
    assert _problems(page, ALL) == []
    assert {width: _too_wide(page, width) for width in (360, 320)} == {360: 0, 320: 0}


@pytest.mark.usefixtures("_life")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_opens_over_a_page_has_no_barriers(visit, desk, scheme):
    page = visit(desk.technician, color_scheme=scheme).go("/pulse/")
    page.keyboard.press("j")
    for key in ("a", "s", "e", "?", " "):
        page.keyboard.press(key)
        expect(page.locator("dialog[open], #peek > *").first).to_be_visible()
        assert _problems(page, RULES[scheme]) == [], key
        page.keyboard.press("Escape")
    for name in ("Filter", "You and your preferences", "Acts on T-1001"):
        page.get_by_role("button", name=name).click()
        menu = page.locator("[popover]:popover-open")
        expect(menu.locator(".menu-item, .filters").first).to_be_visible()
        assert _problems(page, RULES[scheme]) == [], name
        page.keyboard.press("Escape")


@pytest.mark.parametrize(
    "path",
    [
        "/core/sla/policy/match/?priority=1&kind=incident",
        "/core/sla/recalculation/add/",
        "/core/dispatch/assignmentpolicy/",
    ],
)
def test_what_is_novas_own_in_core_has_no_barriers_and_fits_a_phone(visit, desk, path):
    """What stands around it is the theme's."""
    page = visit(desk.admin).go(path)
    for width, scheme in product((1280, 360), ("light", "dark")):
        within = _resized(page, width, scheme).locator(".core-page").first
        expect(within).to_be_visible()
        assert _problems(page, RULES[scheme], ".core-page") == [], (width, scheme)
    assert {width: _too_wide(page, width) for width in (360, 320)} == {360: 0, 320: 0}


def _give_work(desk, ticket) -> None:
    """Let a second one be at work, and a lead give them a ticket that the engine did not."""
    with desk.inside():
        engineer = EngineerFactory(person=desk.colleague)
        ShiftFactory(engineer=engineer, opens=time(0), closes=time(23, 59))
        acting = {"actor": desk.lead, "approver": desk.lead, "now": timezone.now()}
        ask_override(ticket.pk, desk.colleague, reason="Knows it", **acting)


def _resized(page: Page, width: int, scheme: str) -> Page:
    """Show a page in a width, and as high as it is: what a bar at the foot of a phone covers by
    chance is scrolled free by people, and axe would take it for a small target."""
    page.set_viewport_size({"width": width, "height": 800})
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": width, "height": max(800, height + 100)})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.wait_for_function(IS_SO, arg=[width, scheme])
    return page


def _problems(page: Page, rules: object, within: str = "html") -> list[str]:
    """Return what axe finds: the rule, and where."""
    page.wait_for_function(SETTLED)
    page.evaluate(PAINTED)
    page.wait_for_function(STILL)
    _ = page.evaluate("'axe' in window") or page.evaluate(AXE)
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    run = "([within, options]) => axe.run(within, options)"
    found = page.evaluate(run, [within, options])["violations"]
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]


def _too_wide(page: Page, width: int) -> int:
    """Return by how many pixels the page can be pushed sideways."""
    page.set_viewport_size({"width": width, "height": 800})
    page.evaluate(PAINTED)
    return page.evaluate("document.documentElement.scrollWidth - innerWidth")
