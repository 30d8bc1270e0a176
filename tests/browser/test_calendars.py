"""A calendar's year in Nova Core: looked at, and its draft published."""

import os
from itertools import product

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from sla import services
from sla.models import Calendar
from sla.public_holidays import holidays_by_rule
from sla.written import Written
from tests.browser.test_access import RULES, _problems, _too_wide

SPLIT = [["09:00", "12:00"], ["13:00", "17:00"]]
WEEK = {day: SPLIT for day in ("mon", "tue", "wed", "thu")} | {"fri": [["09:00", "14:00"]]}
SHOTS = os.environ.get("NOVA_SHOTS")


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


def look(page, scheme, width):
    page.emulate_media(color_scheme=scheme)
    page.evaluate(f"document.documentElement.classList.toggle('dark', {str(scheme == 'dark').lower()})")
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_timeout(200)
    if SHOTS:
        name = page.url.split("?")[0].strip("/").split("/core/")[-1].replace("/", "-")
        page.screenshot(path=f"{SHOTS}/{name}-{scheme}-{width}.png", full_page=True)


@pytest.mark.parametrize("path", ["year?year=2026", "change/"])
def test_a_calendars_pages_have_no_barriers_and_fit_a_phone(visit, desk, calendar, path):
    page = visit(desk.admin).go(f"/core/sla/calendar/{calendar.pk}/{path}")
    found = {}
    for width, scheme in product((1280, 360), ("light", "dark")):
        look(page, scheme, width)
        found[width, scheme] = _problems(page, RULES[scheme])
    print(found)
    assert {view: problems for view, problems in found.items() if problems} == {}
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
    look(page, "light", 1280)
    expect(page.get_by_text("It never opens: no clock that counts")).to_be_visible()
    page.get_by_label("It never opens, on purpose").check()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("These hours are in force from now on.")).to_be_visible()
