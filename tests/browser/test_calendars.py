"""A calendar's year in Nova Core: looked at, and its draft published."""

from itertools import product

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from sla import services
from sla.models import Calendar
from sla.public_holidays import holidays_by_rule
from sla.written import Written
from tests.browser.test_access import AXE, RULES, _too_wide

SPLIT = [["09:00", "12:00"], ["13:00", "17:00"]]
WEEK = {"mon": SPLIT, "tue": SPLIT, "wed": SPLIT, "thu": SPLIT, "fri": [["09:00", "14:00"]]}
# What surrounds the page is the theme's.
OURS = """async (options) =>
    (await axe.run('.year-page, .year-head', options)).violations.map((rule) => rule.id)"""


def written(**changes):
    return Written(
        **{
            "zone": "Europe/Berlin",
            "weekly": WEEK,
            "own": [
                {"date": "2026-12-24", "closed": [["12:00", "24:00"]], "name": "Half day"},
                {"date": "2026-11-28", "open": [["08:00", "18:00"]], "name": "Stocktaking"},
            ],
            "public": holidays_by_rule("DE", "BY", 2026, 2026),
            **changes,
        }
    )


@pytest.fixture
def calendar(desk):
    acting = {"actor": desk.admin, "now": timezone.now()}
    with desk.inside():
        made = services.create_calendar("Munich", written(), **acting)
        services.publish_calendar(made.pk, **acting)
        other = {**WEEK, "sat": [["10:00", "14:00"]]}
        services.draft_calendar(made.pk, written(weekly=other), **acting)
    return made


def barriers(page, scheme, width):
    """Return what axe finds on our part of a page of Core, in a theme and at a width."""
    page.evaluate(f"document.documentElement.classList.toggle('dark', {scheme == 'dark':d})")
    page.set_viewport_size({"width": width, "height": 900})
    _ = page.evaluate("'axe' in window") or page.evaluate(AXE)
    options = {"runOnly": RULES[scheme], "resultTypes": ["violations"]}
    return page.evaluate(OURS, options)


@pytest.mark.parametrize("path", ["year?year=2026", "change/"])
def test_a_calendars_pages_have_no_barriers_and_fit_a_phone(visit, desk, calendar, path):
    page = visit(desk.admin).go(f"/core/sla/calendar/{calendar.pk}/{path}")
    views = list(product(("light", "dark"), (1280, 360)))

    assert {view: barriers(page, *view) for view in views} == {view: [] for view in views}
    assert _too_wide(page, 360) == 0


def test_a_holiday_is_named_to_who_comes_by_keyboard(visit, desk, calendar):
    page = visit(desk.admin).go(f"/core/sla/calendar/{calendar.pk}/year?year=2026")
    christmas = page.get_by_role("link", name="Christmas Day, Closed")
    tip = christmas.locator(".year-tip")
    expect(tip).to_have_css("opacity", "0")
    christmas.focus()
    expect(tip).to_have_css("opacity", "1")
    christmas.press("Enter")
    expect(page.locator("li:target")).to_contain_text("Christmas Day")


def test_a_draft_is_looked_at_and_published(visit, desk, calendar):
    page = visit(desk.admin).go(f"/core/sla/calendar/{calendar.pk}/year")
    expect(page.get_by_text("Holidays end with 2026.")).to_be_visible()
    expect(page.get_by_text("Saturday", exact=True).first).to_be_visible()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("These hours are in force from now on.")).to_be_visible()
    with desk.inside():
        assert Calendar.objects.get(pk=calendar.pk).current.number == 2


def test_hours_that_never_open_ask_for_a_tick(visit, desk, calendar):
    with desk.inside():
        services.draft_calendar(
            calendar.pk, written(weekly={}, own=[]), actor=desk.admin, now=timezone.now()
        )
    page = visit(desk.admin).go(f"/core/sla/calendar/{calendar.pk}/year")
    expect(page.get_by_text("It never opens: no clock that counts")).to_be_visible()
    page.get_by_label("It never opens, on purpose").check()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("These hours are in force from now on.")).to_be_visible()
