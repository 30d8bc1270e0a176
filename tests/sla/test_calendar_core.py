"""Calendars in Nova Core: drafts, files, feeds, the year, and who may see them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from sla import services
from sla.models import Calendar, CalendarFeed
from sla.written import Written
from tests.factories import NOW, PersonFactory

CALENDAR = {"name": "Berlin", "zone": "Europe/Berlin", "mon": "09:00-12:00, 13:00-17:00"}
PUBLISH = {"_publish": "1"}
RULE = {"country": "DE", "subdivision": "BY", "first_year": 2026, "last_year": 2027}
FILE = (
    b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261225\r\nSUMMARY:Off\r\n"
    b"END:VEVENT\r\nEND:VCALENDAR\r\n"
)


@pytest.fixture
def core(tenant, as_person):
    return as_person(PersonFactory(role="admin"))


def page(name, *args):
    return reverse(f"admin:sla_calendar_{name}", args=args)


def berlin():
    return Calendar.objects.get(name="Berlin")


def year(core, pk, **asked):
    return core.get(page("year", pk), asked)


def test_what_is_saved_is_a_draft_and_leads_to_its_year(core):
    answer = core.post(page("add"), CALENDAR)

    assert answer.url == page("year", berlin().pk)
    assert berlin().current is None
    assert berlin().versions.get().status == "draft"


def test_a_draft_is_shown_in_the_form_and_edited(core):
    core.post(page("add"), {**CALENDAR, **PUBLISH})
    for monday in ("10:00-12:00", "11:00-12:00"):
        core.post(page("change", berlin().pk), {**CALENDAR, "mon": monday})
    answer = core.get(page("change", berlin().pk))

    assert answer.context["adminform"].form.initial["mon"] == "11:00-12:00"
    assert "This is the draft, version 2" in answer.content.decode()
    assert berlin().current.definition["weekly"]["mon"][0] == ["09:00", "12:00"]


def test_a_draft_is_published_and_discarded_from_its_year(core):
    core.post(page("add"), CALENDAR)
    answer = core.post(page("publish", berlin().pk), follow=True)
    assert "in force from now on" in answer.content.decode()
    core.post(page("change", berlin().pk), {**CALENDAR, "mon": ""})
    core.post(page("discard", berlin().pk))

    assert [version.status for version in berlin().versions.all()] == ["published"]


def test_hours_that_never_open_are_published_only_with_a_tick(core):
    closed = {**CALENDAR, "mon": ""}
    answer = core.post(page("add"), {**closed, **PUBLISH})
    assert "stays_closed" in answer.context["adminform"].form.errors

    core.post(page("add"), closed)
    refused = core.post(page("publish", berlin().pk), follow=True)
    assert "never open" in refused.content.decode()
    core.post(page("publish", berlin().pk), {"stays_closed": "on"})
    assert berlin().current.number == 1
    assert "It never opens" in core.get(page("changelist")).content.decode()


def test_hours_that_opened_only_in_the_past_never_open(core):
    past = {"name": "Fair", "zone": "UTC", "days": "2020-01-02 open 10:00-14:00 Fair"}
    answer = core.post(page("add"), {**past, **PUBLISH})

    assert answer.status_code == 200
    assert "stays_closed" in answer.context["adminform"].form.errors


def test_public_holidays_are_remembered_as_a_rule_and_kept_as_days(core):
    core.post(page("add"), {**CALENDAR, **RULE, **PUBLISH, "days": "2026-01-06 usual"})
    form = core.get(page("change", berlin().pk)).context["adminform"].form
    days = {day["date"]: day for day in berlin().current.definition["holidays"]}

    assert {name: form.initial[name] for name in RULE} == RULE
    assert form.initial["days"] == "2026-01-06 usual"
    assert days["2026-01-06"] == {"date": "2026-01-06", "closed": []}
    assert days["2027-01-06"]["name"] == "Epiphany"


def test_the_days_of_a_file_are_added_to_what_is_written(core):
    given = {**CALENDAR, "days": "2026-12-24 closed 12:00-24:00 Half day"}
    core.post(page("add"), {**given, "ics_file": SimpleUploadedFile("a.ics", FILE)})

    assert berlin().versions.get().written.own == [
        {"date": "2026-12-24", "closed": [["12:00", "24:00"]], "name": "Half day"},
        {"date": "2026-12-25", "name": "Off"},
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (FILE.replace(b"DTSTART;VALUE=DATE:20261225", b"DTSTART:soon"), "event 1 (Off): DTSTART"),
        (b"<html>", "file: is no iCalendar file"),
        (b"x" * (1 << 20) + b"x", "file: is larger than 1 MB"),
    ],
)
def test_a_file_that_cannot_be_read_is_an_error_that_says_where(core, content, words):
    answer = core.post(page("add"), {**CALENDAR, "ics_file": SimpleUploadedFile("a.ics", content)})

    assert words in answer.context["adminform"].form.errors["ics_file"][0]
    assert not Calendar.objects.filter(name="Berlin").exists()


def test_a_feed_is_set_shown_and_taken_away(core):
    feed = {"feed_url": "https://a.example/x.ics", "feed_publishes": "on"}
    core.post(page("add"), {**CALENDAR, **feed})
    form = core.get(page("change", berlin().pk)).context["adminform"].form
    assert form.initial["feed_url"] == feed["feed_url"]
    assert "a.example" in year(core, berlin().pk).content.decode()
    core.post(page("fetch", berlin().pk))
    core.post(page("change", berlin().pk), CALENDAR)

    assert not CalendarFeed.objects.exists()


@pytest.mark.parametrize("url", ["http://a.example/x", "ftp://a.example/x", "x"])
def test_a_feed_lies_at_https(core, settings, url):
    settings.OUTBOUND_ANYWHERE = False
    answer = core.post(page("add"), {**CALENDAR, "feed_url": url})

    assert "feed_url" in answer.context["adminform"].form.errors


def test_a_year_is_shown_of_any_version(core):
    core.post(page("add"), {**CALENDAR, **RULE, **PUBLISH})
    core.post(page("change", berlin().pk), {**CALENDAR, **RULE, "sat": "10:00-12:00"})
    draft = year(core, berlin().pk, year="2027").context["page"]
    former = year(core, berlin().pk, year="2027", version="1").context["page"]

    assert (draft.version.number, former.version.number) == (2, 1)
    assert draft.year.seconds > former.year.seconds
    assert [subject for subject, _ in draft.changes] == ["Saturday"]
    assert {"Epiphany", "Christmas Day"} <= {line.name for line in draft.lines}


@pytest.mark.parametrize(
    "asked", [{"year": "x"}, {"year": "99999"}, {"version": "9"}, {"year": ""}]
)
def test_what_is_no_year_or_version_shows_the_usual_one(core, asked):
    core.post(page("add"), CALENDAR)
    shown = year(core, berlin().pk, **asked).context["page"]

    assert (shown.year.number, shown.version.number) == (shown.today.year, 1)


def test_weeks_without_open_time_and_holidays_that_end_are_warned_of(core):
    shut = "\n".join(f"2026-12-{number}" for number in range(21, 26))
    core.post(page("add"), {**CALENDAR, "days": shut, **PUBLISH})
    warnings = year(core, berlin().pk, year="2026").context["page"].warnings

    assert "Nothing is open from Mon 21 Dec 2026 to Sun 27 Dec 2026." in warnings


def test_a_year_is_shown_in_as_many_queries_for_many_versions(core, django_assert_max_num_queries):
    core.post(page("add"), {**CALENDAR, **RULE, **PUBLISH})
    acting = {"actor": PersonFactory(role="admin"), "now": NOW}
    for zone in ("UTC", "Asia/Tokyo", "Asia/Dubai", "Asia/Kolkata"):
        written = Written(zone=zone, weekly={"mon": [["09:00", "17:00"]]})
        services.draft_calendar(berlin().pk, written, **acting)
        services.publish_calendar(berlin().pk, **acting)
    with django_assert_max_num_queries(12):
        year(core, berlin().pk)


@pytest.mark.parametrize("count", [1, 8])
def test_the_list_costs_the_same_for_few_and_many(core, django_assert_max_num_queries, count):
    for number in range(count):
        core.post(page("add"), {**CALENDAR, "name": f"Desk {number}", **PUBLISH})
    with django_assert_max_num_queries(12):
        core.get(page("changelist"))


def test_who_arranges_nothing_sees_no_year_and_publishes_nothing(core, as_person):
    core.post(page("add"), CALENDAR)
    lead = as_person(PersonFactory(role="lead"))

    assert year(lead, berlin().pk).status_code != 200
    for verb in ("publish", "discard", "fetch"):
        lead.post(page(verb, berlin().pk))
    assert berlin().versions.get().status == "draft"


def test_another_tenants_calendar_is_not_there(core, as_person, outsider):
    core.post(page("add"), CALENDAR)

    assert year(as_person(outsider), berlin().pk).status_code == 404
    assert as_person(outsider).post(page("publish", berlin().pk)).status_code == 404


@pytest.mark.parametrize("verb", ["publish", "discard", "fetch"])
def test_nothing_is_done_by_looking(core, verb):
    core.post(page("add"), CALENDAR)

    assert core.get(page(verb, berlin().pk)).status_code == 405
