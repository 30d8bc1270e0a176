"""The heat map shows what plain counting counts, to those who may know, and nothing of few."""

import csv
import io
from collections import defaultdict
from datetime import date, timedelta
from statistics import median
from zoneinfo import ZoneInfo

import pytest
from django.db.models import Q
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from nova.analytics.periods import quarter_of
from nova.events.models import EventRecord
from sla.models import Clock
from tests.downloads import text_of
from tests.factories import NOW, PersonFactory, SiteFactory
from tests.sla.living import promise
from tests.vip.faring import HOUR, a_fortnight, solved, vip
from tickets.models import Rating, Ticket
from vip.reports.rules import FEWEST, SHADES, Key, bounds_of, hidden_in, shade_of

PERIOD = {"since": "2026-03-01", "until": "2026-03-31"}
API = "/api/support/vip/heat-map"
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture(autouse=True)
def _later(time_machine):
    time_machine.move_to(NOW + timedelta(days=25), tick=False)


@pytest.fixture
def lead(tenant):
    return PersonFactory(role="lead", zone="Europe/Berlin")


@pytest.fixture
def fortnight(lead, worker):
    promise(180, response=20)
    return a_fortnight(lead, worker, SiteFactory(name="HQ"), SiteFactory(name="Annex"))


def observed(measure):
    """Return by ticket what plain reading gives, in a list: a ticket may be judged twice."""
    tickets = Ticket.objects.exclude(vip_level="")
    if measure == "satisfaction":
        return [(r.ticket, float(r.score >= 4)) for r in Rating.objects.select_related("ticket")]
    if measure == "compliance":
        judged = Q(ended_at__isnull=False) | Q(breached_at__isnull=False)
        clocks = Clock.objects.filter(judged, metric="resolution", ticket__in=tickets)
        return [(c.ticket, float(c.breached_at is None)) for c in clocks.select_related("ticket")]
    column = {"response": "responded_at", "resolution": "resolved_at"}[measure]
    found = [(t, getattr(t, column)) for t in tickets]
    return [(t, (at - t.opened_at).total_seconds()) for t, at in found if at]


def keys_of(ticket, view):
    at = ticket.opened_at.astimezone(BERLIN)
    monday = at.date() - timedelta(days=at.weekday())
    return {
        "level_hour": (None, ticket.vip_level, str(at.hour)),
        "level_weekday": (ticket.vip_level, str(at.isoweekday()), str(at.hour)),
        "site_week": (None, str(ticket.site_id), monday.isoformat()),
    }[view]


@pytest.mark.parametrize("view", ["level_hour", "level_weekday", "site_week"])
@pytest.mark.parametrize("measure", ["response", "resolution", "compliance", "satisfaction"])
def test_each_cell_says_what_plain_counting_says(fortnight, lead, api_as, measure, view):
    counted = defaultdict(list)
    for ticket, value in observed(measure):
        part, line, column = keys_of(ticket, view)
        for key in {(part, line, column), (part, line, None), (None, None, column), (None,) * 3}:
            counted[key].append(value)
    answer = api_as(lead).get(API, {**PERIOD, "measure": measure, "view": view}).json()
    said = {
        (c["part"], c["line"], c["column"]): (c["count"], c["value"]) for c in answer["results"]
    }

    def figure(values):
        return median(values) if answer["unit"] == "seconds" else sum(values) / len(values)

    hidden = hidden_in({Key(*key): len(values) for key, values in counted.items()})
    expected = {
        key: (None, None) if key in hidden else (len(values), pytest.approx(figure(values)))
        for key, values in counted.items()
    }
    assert said == expected
    assert any(count for count, _figure in said.values())


def test_of_fewer_than_five_nothing_is_told(lead, worker, as_person, api_as):
    person = vip(lead, "exec", SiteFactory())
    for n in range(4):
        solved(person, worker, NOW + n * HOUR / 10, after=HOUR)
    page = as_person(lead).get(reverse("vip:heat_map"), PERIOD).content.decode()
    assert "not told" in page
    assert "n 4" not in page
    cells = api_as(lead).get(API, PERIOD).json()["results"]
    assert {(cell["count"], cell["value"]) for cell in cells} == {(None, None)}
    behind = as_person(lead).get(reverse("vip:heat_tickets"), {**PERIOD, "line": "exec"})
    assert "T-1001" not in behind.content.decode()
    file = as_person(lead).get(reverse("vip:heat_map"), {**PERIOD, "format": "csv"})
    assert "not told," in text_of(file)


def test_what_a_few_could_be_worked_out_from_is_told_nowhere(lead, worker, as_person, api_as):
    for level, counts in {"exec": (3, 6, 9), "gold": (7, 8, 9)}.items():
        person = vip(lead, level, SiteFactory(name=level), name=level)
        for hour, count in enumerate(counts, 7):
            opened = NOW.replace(hour=hour, minute=0) + timedelta(days=1)
            for n in range(count):
                solved(person, worker, opened + n * HOUR / 60, after=HOUR)
    hidden = {("exec", "8"), ("exec", "9"), ("gold", "8"), ("gold", "9")}
    told = {("exec", "10"), ("gold", "10"), ("exec", None), ("gold", None), (None, None)}
    told |= {(None, hour) for hour in ("8", "9", "10")}
    browser, asked = as_person(lead), {**PERIOD, "view": "level_hour"}

    cells = api_as(lead).get(API, asked).json()["results"]
    places = {(c["line"], c["column"]): (c["count"], c["value"]) for c in cells}
    assert {place for place, said in places.items() if said == (None, None)} == hidden
    assert {place for place, said in places.items() if all(said)} == told
    page = browser.get(reverse("vip:heat_map"), asked).content.decode()
    assert page.count('<span class="sr">not told</span>') == len(hidden)
    file = browser.get(reverse("vip:heat_map"), {**asked, "format": "csv"})
    rows = csv.reader(io.StringIO(text_of(file)))
    assert [row[1:] for row in rows if row[3] == "not told"] == [
        [level, hour, "not told", ""] for level in ("Exec", "Gold") for hour in ("08", "09")
    ]
    for line, column in hidden:
        behind = browser.get(
            reverse("vip:heat_tickets"), {**asked, "line": line, "column": column}
        )
        assert b"The map tells nothing of this cell." in behind.content


def test_a_cell_leads_to_the_tickets_that_it_counts(fortnight, lead, as_person):
    browser = as_person(lead)
    shown = browser.get(reverse("vip:heat_map"), {**PERIOD, "view": "site_week"}).context["map"]
    cells = [cell for part in shown.parts for line in part.lines for cell in line.cells]
    told = [cell for cell in (*cells, *shown.total.cells, shown.total.total) if cell.text]
    assert len(told) >= 5
    for cell in told:
        behind = browser.get(cell.url).context
        assert behind["total"] == len(behind["found"]) == cell.count
        assert median(one.value for one, _said in behind["found"]) == cell.figure


@pytest.mark.parametrize("page", ["heat_map", "heat_tickets"])
@pytest.mark.parametrize(
    ("role", "status"),
    [("lead", 200), ("admin", 200), ("technician", 403), ("manager", 403), ("requester", 404)],
)
def test_who_may_read_it(page, role, status, fortnight, as_person):
    answer = as_person(PersonFactory(role=role)).get(reverse(f"vip:{page}"), PERIOD)
    assert answer.status_code == status


def test_another_tenants_tickets_are_not_counted(fortnight, outsider, api_as):
    assert api_as(outsider).get(API, PERIOD).json()["results"] == []


@pytest.mark.parametrize(
    "asked",
    [
        {"measure": "speed"},
        {"view": "team_year"},
        {"since": "2026-13-01"},
        {"since": "2026-02-01", "until": "2026-01-01"},
        {"since": "2024-01-01", "until": "2026-01-01"},
        {"since": "0001-01-01"},
    ],
)
def test_bad_questions_are_named(asked, lead, api_as, as_person):
    assert api_as(lead).get(API, asked).status_code == 400
    assert as_person(lead).get(reverse("vip:heat_map"), asked).status_code == 422


@pytest.mark.parametrize(
    "key",
    [
        {"line": "platinum"},
        {"column": "24"},
        {"column": "-1"},
        {"view": "site_week", "column": "yesterday"},
        {"view": "site_week", "line": "9" * 30},
        {"view": "level_weekday", "line": "0"},
        {"part": "exec"},
    ],
)
def test_there_is_no_such_cell(key, lead, as_person):
    assert as_person(lead).get(reverse("vip:heat_tickets"), key).status_code == 422


def test_a_file_is_harmless_and_its_taking_is_on_record(lead, worker, as_person):
    person = vip(lead, "exec", SiteFactory(name="=cmd|' /C calc'!A0"))
    for n in range(5):
        solved(person, worker, NOW + n * HOUR / 10, after=HOUR)
    answer = as_person(lead).get(
        reverse("vip:heat_map"), {**PERIOD, "view": "site_week", "format": "csv"}
    )
    rows = list(csv.reader(io.StringIO(text_of(answer))))
    assert rows[1][:4] == ["", "'=cmd|' /C calc'!A0", "2 Mar", "5"]
    event = EventRecord.objects.get(name="vip.VipReportExported")
    assert event.actor == lead
    assert event.payload == {"report": "heat_map", "form": "csv", **PERIOD}


@pytest.mark.parametrize("count", [5, 30])
def test_a_map_costs_the_same_for_few_and_many(
    count, lead, worker, as_person, django_assert_num_queries
):
    person = vip(lead, "exec", SiteFactory())
    for n in range(count):
        solved(person, worker, NOW + n * HOUR / 10, after=HOUR)
    browser = as_person(lead)
    browser.get(reverse("vip:heat_map"))
    with django_assert_num_queries(6):
        browser.get(reverse("vip:heat_map"), {**PERIOD, "view": "site_week"})


@given(st.lists(st.floats(0, 1e9), max_size=60))
def test_shades_part_the_cells_and_never_run_backwards(values):
    bounds = bounds_of(values)
    shades = [shade_of(value, bounds, is_more_better=False) for value in sorted(values)]
    assert shades == sorted(shades)
    assert set(shades) <= set(range(1, SHADES + 1))
    assert [shade_of(v, bounds, is_more_better=True) for v in sorted(values)] == [
        SHADES + 1 - shade for shade in shades
    ]
    assert FEWEST == 5


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-01-01", ("2026-01-01", "2026-03-31")),
        ("2026-03-31", ("2026-01-01", "2026-03-31")),
        ("2026-05-15", ("2026-04-01", "2026-06-30")),
        ("2024-12-31", ("2024-10-01", "2024-12-31")),
    ],
)
def test_a_quarter_is_three_months(day, expected):
    assert tuple(d.isoformat() for d in quarter_of(date.fromisoformat(day))) == expected
