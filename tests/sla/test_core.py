"""Calendars, policies and the evidence in Nova Core."""

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse

from nova.events.models import EventRecord
from sla import services
from sla.models import Calendar, CalendarVersion, Clock, LedgerEntry, Policy, PolicyVersion
from tests.factories import PersonFactory, TeamFactory
from tests.sla.living import minutes
from tests.tickets.making import opened_for

WEEK = {"mon": "09:00-12:00, 13:00-17:00", "fri": "9:00 - 15:00"}
CALENDAR = {"name": "Berlin", "zone": "Europe/Berlin", **WEEK}
POLICY = {
    "name": "Facilities",
    "order": 5,
    "module": ["facilities"],
    "versions-TOTAL_FORMS": 0,
    "versions-INITIAL_FORMS": 0,
    "resolution_span": 90,
    "resolution_pause_on": ["awaiting_customer"],
    "resolution_reopen": "new_cycle",
}
EVIDENCE = {"clock": Clock, "ledgerentry": LedgerEntry, "calendarversion": CalendarVersion}


@pytest.fixture
def core(tenant, as_person):
    return as_person(PersonFactory(role="admin"))


def page(model, name="add", *args):
    return reverse(f"admin:sla_{model}_{name}", args=args)


def hours():
    return Calendar.objects.get(name="Office hours")


def shown_by(form):
    """Return what a browser would send of a form that nobody has touched."""
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value not in (None, False)}


def told(name):
    return list(EventRecord.objects.filter(name=name).values_list("payload", flat=True))


def test_a_calendar_is_written_as_people_write_and_published(core):
    days = "2026-12-24 closed 13:00-24:00 Half day\n2026-12-25 Christmas Day"
    answer = core.post(page("calendar"), {**CALENDAR, "_publish": "1", "days": days})

    assert answer.status_code == 302
    assert Calendar.objects.get(name="Berlin").current.definition == {
        "tz": "Europe/Berlin",
        "weekly": {"mon": [["09:00", "12:00"], ["13:00", "17:00"]], "fri": [["09:00", "15:00"]]},
        "holidays": [
            {"date": "2026-12-24", "closed": [["13:00", "24:00"]], "name": "Half day"},
            {"date": "2026-12-25", "name": "Christmas Day"},
        ],
    }


def test_what_was_published_is_shown_again_as_it_was_written(core):
    days = "2026-12-24 closed 13:00-24:00 Half day\n2026-12-27 open 10:00-14:00 Sale"
    core.post(page("calendar"), {**CALENDAR, "_publish": "1", "days": days})
    form = core.get(page("calendar", "change", Calendar.objects.get(name="Berlin").pk)).context
    shown = form["adminform"].form.initial

    assert {key: shown[key] for key in ("zone", "mon", "tue", "days")} == {
        "zone": "Europe/Berlin",
        "mon": "09:00-12:00, 13:00-17:00",
        "tue": "",
        "days": days,
    }


def test_new_hours_are_a_new_version_and_running_clocks_keep_the_old_one(core):
    ticket = opened_for(PersonFactory())
    before = list(Clock.objects.filter(ticket=ticket).values())
    former = hours().current
    core.post(
        page("calendar", "change", hours().pk),
        {**CALENDAR, "_publish": "1", "name": "Office hours"},
    )

    assert hours().current.number == 2
    assert CalendarVersion.objects.get(pk=former.pk).definition == former.definition
    assert list(Clock.objects.filter(ticket=ticket).values()) == before
    [event] = told("sla.CalendarPublished")
    assert event["changes"]["tz"] == ["UTC", "Europe/Berlin"]


def test_saving_the_same_hours_publishes_nothing(core):
    core.post(page("calendar"), {**CALENDAR, "_publish": "1"})
    core.post(
        page("calendar", "change", Calendar.objects.get(name="Berlin").pk),
        {**CALENDAR, "_publish": "1"},
    )

    assert Calendar.objects.get(name="Berlin").current.number == 1
    assert len(told("sla.CalendarPublished")) == 1


def test_public_holidays_of_a_part_of_a_country_are_added_and_what_is_written_stays(core):
    asked = {"country": "DE", "subdivision": "by", "first_year": 2026, "last_year": 2027}
    days = "2026-01-06 open 10:00-12:00 Open all the same"
    core.post(page("calendar"), {**CALENDAR, "_publish": "1", **asked, "days": days})
    found = {
        day["date"]: day
        for day in Calendar.objects.get(name="Berlin").current.definition["holidays"]
    }

    assert found["2026-01-06"]["open"] == [["10:00", "12:00"]]
    assert found["2027-01-06"]["name"] == "Epiphany"
    assert {"2026-12-25", "2027-12-25"} <= found.keys()


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("mon", {"mon": "nine to five"}),
        ("tue", {"tue": "17:00-09:00"}),
        ("wed", {"wed": "09:00-25:00"}),
        ("zone", {"zone": "Mars/Olympus"}),
        ("days", {"days": "Christmas"}),
        ("days", {"days": "2026-02-30 Never"}),
        ("days", {"days": "2026-12-24 closed 24:00-13:00"}),
        ("subdivision", {"country": "DE", "subdivision": "XX", "first_year": 2026}),
        ("first_year", {"country": "DE"}),
        ("first_year", {"country": "DE", "first_year": 2026, "last_year": 2025}),
        ("name", {"name": "Office hours"}),
    ],
)
def test_what_cannot_be_read_is_an_error_of_its_field(core, field, given):
    answer = core.post(page("calendar"), {**CALENDAR, "_publish": "1", **given})

    assert answer.status_code == 200
    errors = answer.context["adminform"].form.errors
    assert field in errors or (field == "name" and "__all__" in errors)
    assert not Calendar.objects.filter(name="Berlin").exists()


PUBLISH = {"sla_policy_publish": "1"}


def facilities():
    return Policy.objects.get(name="Facilities")


def written(**given):
    return {**POLICY, "resolution_calendar": hours().pk, **given}


def test_a_policy_is_written_as_a_draft_that_promises_nothing(core):
    answer = core.post(page("policy"), written())

    assert answer.status_code == 302
    draft = facilities().versions.get()
    target = draft.targets.get()
    assert (draft.status, draft.conditions) == ("draft", {"module": ["facilities"]})
    assert (target.metric, target.seconds, target.reopen) == ("resolution", 5400, "new_cycle")
    assert target.pause_on == ["awaiting_customer"]
    assert facilities().current is None
    assert told("sla.PolicyCreated")[0]["policy"] == "Facilities"


def test_a_draft_is_changed_as_often_as_one_likes_and_then_published(core):
    core.post(page("policy"), written())
    for minutes_given in (80, 70):
        given = written(resolution_span=minutes_given)
        core.post(page("policy", "change", facilities().pk), given)
    core.post(page("policy", "change", facilities().pk), written(resolution_span=60) | PUBLISH)

    assert [v.status for v in facilities().versions.all()] == ["published"]
    assert facilities().current.targets.get().seconds == 3600


def test_a_new_version_retires_the_former_and_what_changed_is_told(core):
    core.post(page("policy"), written())
    core.post(page("policy", "change", facilities().pk), written() | PUBLISH)
    given = {"priority": [1, 2], "resolution_span": 60, "response_span": 5}
    changed = written(response_calendar=hours().pk, **given)
    core.post(page("policy", "change", facilities().pk), changed | PUBLISH)

    numbered = facilities().versions.order_by("number").values_list("number", "status")
    assert list(numbered) == [(1, "retired"), (2, "published")]
    said = told("sla.PolicyPublished")[-1]["changes"]
    assert said["for priority"] == [None, [1, 2]]
    assert said["resolution seconds"] == [5400, 3600]
    assert said["response seconds"] == [None, 300]


def test_saving_what_is_in_force_writes_no_draft(core):
    core.post(page("policy"), written())
    core.post(page("policy", "change", facilities().pk), written() | PUBLISH)
    core.post(page("policy", "change", facilities().pk), written(order=7))

    assert facilities().versions.count() == 1
    assert facilities().order == 7


def test_a_target_that_is_emptied_is_promised_no_more(core):
    high = Policy.objects.get(name="High")
    given = {"resolution_span": 240, "priority": [2], "name": "High"}
    core.post(page("policy", "change", high.pk), written(**given) | PUBLISH)
    high.refresh_from_db()

    assert list(high.current.targets.values_list("metric", flat=True)) == ["resolution"]


@pytest.mark.parametrize(
    ("said", "seconds"), [("90 s", 90), ("1 h 30 min", 5400), ("20", 1200), ("1h 15s", 3615)]
)
def test_a_target_is_said_as_people_say_spans(core, said, seconds):
    core.post(page("policy"), written(resolution_span=said))

    assert facilities().versions.get().targets.get().seconds == seconds


def test_seconds_that_were_stated_by_api_stay_when_the_page_is_saved(core):
    core.post(page("policy"), written())
    high = Policy.objects.get(name="High")
    target = {"metric": "resolution", "calendar": hours(), "seconds": 90}
    acting = {"actor": high.current.author or PersonFactory(role="admin"), "now": minutes(0)}
    services.draft_policy(high.pk, {}, [target], **acting)
    form = core.get(page("policy", "change", high.pk)).context["adminform"].form
    core.post(
        page("policy", "change", high.pk),
        {**POLICY, **shown_by(form), "name": "High", "order": 9},
    )

    assert form["resolution_span"].value() == "1 min 30 s"
    assert high.versions.get(status="draft").targets.get().seconds == 90


def test_each_team_may_have_a_part_of_its_own(core):
    network = TeamFactory(name="Network")
    given = {"ola_span": 120, f"ola_span_{network.pk}": 30, "ola_calendar": hours().pk}
    core.post(page("policy"), written(**given))
    shown = core.get(page("policy", "change", facilities().pk)).context["adminform"].form.initial

    parts = facilities().versions.get().targets.filter(metric="ola")
    assert set(parts.values_list("team", "seconds")) == {(None, 7200), (network.pk, 1800)}
    assert (shown["ola_span"], shown[f"ola_span_{network.pk}"]) == (7200, 1800)


def test_a_policy_is_retired_after_asking(core):
    high = Policy.objects.get(name="High")
    asked = core.get(reverse("admin:sla_policy_retire", args=[high.pk]))
    assert Policy.objects.get(name="High").current is not None
    core.post(reverse("admin:sla_policy_retire", args=[high.pk]))

    assert b"High" in asked.content
    assert Policy.objects.get(name="High").current is None
    assert told("sla.PolicyRetired")[0]["policy"] == "High"


@pytest.mark.parametrize("which", ["999999999", "x"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_policy_that_is_not_there_is_not_retired(core, method, which):
    policy = Policy.objects.first()
    url = page("policy", "retire", policy.pk).replace(f"/{policy.pk}/", f"/{which}/")

    assert getattr(core, method)(url).status_code == 404


def test_what_was_published_never_changes(tenant):
    version = Policy.objects.get(name="High").current
    acts = [
        lambda: version.targets.update(seconds=1),
        lambda: version.targets.all().delete(),
        lambda: PolicyVersion.objects.filter(pk=version.pk).update(conditions={}),
        lambda: PolicyVersion.objects.filter(pk=version.pk).update(status="draft"),
    ]
    for act in acts:
        with pytest.raises(ProgrammingError, match="never changes"), transaction.atomic():
            act()


def test_one_asks_which_policy_a_ticket_would_get_and_why_not_the_one_above(core):
    ticket = opened_for(PersonFactory(), impact="high", urgency="medium")
    asked = core.get(reverse("admin:sla_policy_match"), {"reference": ticket.reference})
    said = {verdict.policy.name: verdict for verdict in asked.context["found"].verdicts}

    assert [name for name, verdict in said.items() if verdict.is_chosen] == ["High"]
    [refusal] = said["Critical"].refusals
    assert (refusal.label, refusal.given) == ("Priority", "P2 High")
    assert b"P1 Critical" in asked.content


def test_one_asks_for_a_ticket_that_is_only_thought_of(core):
    given = {"priority": "1", "vip_level": "exec", "tags": "on air"}
    found = core.get(reverse("admin:sla_policy_match"), given).context["found"]

    assert [v.policy.name for v in found.verdicts if v.is_chosen] == ["VIP", "Critical"]
    promised = {metric: promise.terms.target_seconds for metric, promise, _ in found.promised}
    assert promised == {"response": 300, "resolution": 3600}


def test_a_ticket_that_is_not_there_is_said_to_be_so(core):
    asked = core.get(reverse("admin:sla_policy_match"), {"reference": "T-999999"})

    assert asked.context["found"] is None
    assert b"There is no such ticket." in asked.content


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("response_span", {"resolution_span": ""}),
        ("resolution_span", {"resolution_span": 0}),
        ("resolution_span", {"resolution_span": "soon"}),
        ("resolution_span", {"resolution_span": "99999 h"}),
        ("resolution_calendar", {"resolution_calendar": ""}),
        ("priority", {"priority": [9]}),
    ],
)
def test_a_policy_that_promises_nothing_is_refused(core, field, given):
    answer = core.post(page("policy"), {**POLICY, "resolution_calendar": hours().pk, **given})

    assert field in answer.context["adminform"].form.errors
    assert not Policy.objects.filter(name="Facilities").exists()


@pytest.mark.parametrize("model", EVIDENCE)
def test_evidence_is_looked_at_and_never_written(core, model):
    opened_for(PersonFactory(), at=minutes(0))
    first = EVIDENCE[model].objects.order_by("pk").first()

    assert core.get(page(model, "changelist")).status_code == 200
    assert core.get(page(model)).status_code == 403
    assert core.post(page(model, "change", first.pk), {}).status_code in (302, 403)
    assert core.post(page(model, "delete", first.pk), {"post": "yes"}).status_code in (302, 403)


@pytest.mark.parametrize(("asked", "found"), [("T-1001", 2), ("1001", 2), ("9", 0), ("x", 0)])
def test_clocks_are_found_by_the_number_of_their_ticket(core, asked, found):
    opened_for(PersonFactory())
    opened_for(PersonFactory())

    assert core.get(page("clock", "changelist"), {"q": asked}).context["cl"].result_count == found


@pytest.mark.parametrize("model", ["calendar", "policy", "clock", "ledgerentry"])
def test_who_arranges_nothing_sees_nothing(tenant, as_person, model):
    assert as_person(PersonFactory(role="lead")).get(page(model, "changelist")).status_code != 200
