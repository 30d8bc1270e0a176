"""Every number of a report is the number of tickets behind it, and what plain counting says."""

from datetime import timedelta

import pytest
from django.db.models import F, Q
from django.urls import reverse

from nova.tenancy import fence
from sla.compliance import DIMENSIONS
from sla.models import Clock
from sla.services import sweep
from tests.downloads import text_of
from tests.factories import NOW, PersonFactory, ServiceFactory, SiteFactory, TeamFactory
from tests.sla.living import clock, in_force, minutes, move, promise, sweep_at, target
from tests.sla.test_recalculations import applied, restate
from tests.tickets.making import opened_for
from tickets import services as tickets

PERIOD = {"since": "2026-03-01", "until": "2026-03-31"}
PAGES = ("compliance", "verdicts")
LATER = NOW + timedelta(days=2)
PLAIN = {  # by dimension, how the ORM says the same
    "priority": "ticket__priority",
    "team": "ticket__team",
    "service": "ticket__service",
    "site": "ticket__site",
    "policy": "policy",
    "vip": "ticket__vip_level",
}
JUDGED = Q(ended_at__isnull=False) | Q(breached_at__isnull=False)


@pytest.fixture(autouse=True)
def _later(time_machine):
    time_machine.move_to(LATER, tick=False)


@pytest.fixture
def lead(tenant):
    return PersonFactory(role="lead")


@pytest.fixture
def desk(lead):
    """Return tickets of all kinds: in time, late, late and still open, waiting, cancelled."""
    promise(60, response=10)
    in_force([target("resolution", 30)], name="Hot", order=0, conditions={"kind": ["change"]})
    network, payroll, harbour = TeamFactory(name="Net"), ServiceFactory(), SiteFactory()
    made = [
        opened_for(PersonFactory(), at=minutes(at), **stated)
        for at, stated in enumerate(
            [
                {},
                {"team_id": network.pk},
                {"team_id": network.pk, "service_id": payroll.pk},
                {"kind": "change", "impact": "high", "urgency": "high"},
                {"site_id": harbour.pk},
                {"impact": "low", "urgency": "low"},
            ]
        )
    ]
    for ticket, at in zip(made, (20, 70, 40, 45, None, 90), strict=True):
        if at is not None:
            move(ticket, "resolved", lead, minutes(at))
    waiting = opened_for(PersonFactory(), at=minutes(8))
    move(waiting, "awaiting_customer", lead, minutes(10))
    move(waiting, "in_progress", lead, minutes(55))
    move(waiting, "resolved", lead, minutes(80))
    Clock.objects.filter(ticket=made[0], metric="response").update(state="cancelled")
    sweep_at(lead, minutes(600))
    return made


def asked(client, **given):
    return client.get(reverse("sla:compliance"), {**PERIOD, **given})


def clocks(metric="resolution"):
    return Clock.objects.filter(JUDGED, metric=metric).exclude(state="cancelled")


@pytest.mark.parametrize("metric", ["resolution", "response"])
@pytest.mark.parametrize("by", [*PLAIN])
def test_a_report_counts_what_plain_sql_counts(desk, lead, as_person, by, metric):
    lines = asked(as_person(lead), by=by, metric=metric).context["lines"]

    said = {one.line.key: (one.line.verdicts, one.line.breached) for one in lines}
    counted: dict = {}
    for key, breached_at in clocks(metric).values_list(PLAIN[by], "breached_at"):
        judged, breached = counted.get(key or None, (0, 0))
        counted[key or None] = (judged + 1, breached + (breached_at is not None))
    assert said == counted


@pytest.mark.parametrize("by", [*DIMENSIONS])
def test_every_number_leads_to_as_many_tickets(desk, lead, as_person, by):
    client = as_person(lead)
    for one in asked(client, by=by).context["lines"]:
        line = one.line
        numbers = {"all": line.verdicts, "met": line.met, "breached": line.breached}
        for name, number in numbers.items():
            assert len(client.get(one.urls[name]).context["found"]) == number


def test_the_sum_of_a_report_leads_to_as_many_tickets(desk, lead, as_person):
    client = as_person(lead)
    total = asked(client).context["total"]

    assert (total.line.verdicts, total.line.breached) == (7, 4)
    assert len(client.get(total.urls["breached"]).context["found"]) == 4
    assert client.get(total.urls["breached"]).status_code == 200


def test_a_line_leads_to_a_report_of_itself_alone(desk, lead, as_person):
    client = as_person(lead)
    [network] = [one for one in asked(client, by="team").context["lines"] if one.name == "Net"]
    narrowed = client.get(reverse("sla:compliance") + network.narrowed).context

    assert narrowed["total"].line.verdicts == network.line.verdicts == 2
    assert narrowed["only"] == ["Team: Net"]


def test_a_list_goes_on_where_it_ended_and_misses_none(desk, lead, as_person, monkeypatch):
    monkeypatch.setattr("sla.views.reports.PAGE", 2)
    client, seen = as_person(lead), []
    url = asked(client).context["total"].urls["all"]
    while url:
        page = client.get(url).context
        seen += [verdict.reference for verdict in page["found"]]
        url = page["further"] and reverse("sla:verdicts") + page["further"]

    assert len(seen) == len(set(seen)) == 7


def test_the_worst_come_first_and_time_lost_is_summed_by_reason(desk, lead, as_person):
    found = asked(as_person(lead)).context
    over = [verdict.over_seconds for verdict in found["worst"]]

    assert over == sorted(over, reverse=True)
    assert len(over) == 4
    [waited] = found["waits"]
    assert (waited.reason, waited.tickets, waited.seconds) == ("As asked", 1, 45 * 60)


@pytest.mark.parametrize("terms", ["recalculated", "switched"])
def test_other_terms_do_not_end_a_wait(lead, as_person, terms):
    policy = promise(60)
    waiting = opened_for(PersonFactory())
    move(waiting, "awaiting_customer", lead, minutes(10))
    if terms == "recalculated":
        restate(policy, lead, 90)
        applied(lead, minutes(20))
    else:
        promise(90, name="Hurry", order=0, priority=[2])
        tickets.edit_ticket(waiting.pk, {"urgency": "high"}, actor=lead, now=minutes(20))
    assert clock(waiting).target_seconds == 90 * 60
    move(waiting, "in_progress", lead, minutes(55))
    move(waiting, "resolved", lead, minutes(60))

    [waited] = asked(as_person(lead)).context["waits"]
    assert waited.seconds == 45 * 60


def test_what_a_recalculation_changed_is_told_in_both_truths(desk, lead, as_person):
    healed = clocks().filter(breached_at__isnull=False, ended_at__isnull=False).first()
    Clock.objects.filter(pk=healed.pk).update(
        is_recalculated=True, measured_breached_at=F("breached_at"), breached_at=None
    )
    client = as_person(lead)
    total = asked(client).context["total"]

    assert (total.line.breached, total.line.breached_then, total.differs) == (3, 4, True)
    assert len(client.get(total.urls["breached_then"]).context["found"]) == 4
    assert b"As measured then" in asked(client).content


def test_a_file_holds_what_the_page_shows(desk, lead, as_person):
    client = as_person(lead)
    file = text_of(asked(client, by="team", format="csv"))
    page = asked(client, by="team").context["lines"]

    assert len(file.splitlines()) == len(page) + 1
    listed = client.get(reverse("sla:verdicts"), {**PERIOD, "format": "csv"})
    assert len(text_of(listed).splitlines()) == 8


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("metric", {"metric": "speed"}),
        ("since", {"since": "yesterday"}),
        ("until", {"until": "2026-01-01"}),
        ("until", {"since": "1990-01-01"}),
        ("until", {"since": "9999-12-31", "until": "9999-12-31"}),
        ("since", {"since": "0001-01-01", "until": "0001-01-02"}),
        ("by", {"by": "colour"}),
        ("__all__", {"team": "x"}),
        ("__all__", {"week": "x"}),
    ],
)
def test_what_cannot_be_asked_is_said_at_its_place(lead, as_person, api_as, field, given):
    answer = asked(as_person(lead), **given)

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert api_as(lead).get("/api/support/sla/compliance", {**PERIOD, **given}).status_code == 400


def test_the_api_tells_the_same(desk, lead, as_person, api_as):
    page = asked(as_person(lead), by="priority").context["lines"]
    said = api_as(lead).get("/api/support/sla/compliance", {**PERIOD, "by": "priority"}).json()

    assert [(line["now"]["judged"], line["now"]["breached"]) for line in said["results"]] == [
        (one.line.verdicts, one.line.breached) for one in page
    ]
    assert said["waits"][0]["seconds"] == 45 * 60


@pytest.mark.parametrize("role", ["technician", "requester"])
def test_who_may_not_see_reports_sees_none(tenant, as_person, role):
    client = as_person(PersonFactory(role=role))

    assert asked(client).status_code == 403
    assert client.get(reverse("sla:verdicts")).status_code == 403


def test_managers_are_told_nothing_of_vips(desk, as_person, api_as):
    manager = PersonFactory(role="manager")
    page = asked(as_person(manager))

    assert page.context["apart"] == []
    assert {"vip", "is_vip", "policy"}.isdisjoint(page.context["form"].dimensions)
    assert b"VIP" not in page.content
    for by in ("vip", "is_vip", "policy"):
        given = {**PERIOD, "by": by}
        assert api_as(manager).get("/api/support/sla/compliance", given).status_code == 400
    unnarrowed = asked(as_person(manager), is_vip="true").context["total"]
    assert unnarrowed.line.verdicts == 7


def test_another_tenant_is_not_counted(desk, lead, as_person, other_tenant):
    with fence.inside(other_tenant.pk):
        stranger = PersonFactory(role="technician")
        ticket = opened_for(PersonFactory())
        tickets.move_ticket(ticket.pk, "resolved", actor=stranger, now=minutes(30))
        sweep(other_tenant.pk, actor=stranger, now=minutes(900))

    assert asked(as_person(lead)).context["total"].line.verdicts == 7


@pytest.mark.parametrize("count", [1, 6])
def test_a_report_costs_the_same_for_few_and_many(
    lead, as_person, count, django_assert_max_num_queries
):
    promise(60)
    for _ in range(count):
        move(opened_for(PersonFactory()), "resolved", lead, minutes(90))
    client = as_person(lead)
    asked(client)
    with django_assert_max_num_queries(14):
        asked(client)


ODD = ["\x00", "exec\x00", "9" * 30, "9999-12-31", "0001-01-01", "x", "٣"]


@pytest.mark.parametrize("name", ["metric", "since", "until", "by", *DIMENSIONS])
def test_odd_words_in_an_address_are_refused_and_never_break_it(lead, as_person, api_as, name):
    browser, program = as_person(lead), api_as(lead)
    asked = [{**PERIOD, name: value} for value in ODD]
    pages = [browser.get(reverse(f"sla:{one}"), each) for one in PAGES for each in asked]
    answers = [program.get("/api/support/sla/compliance", each) for each in asked]

    assert {page.status_code for page in pages} <= {200, 422}
    assert {answer.status_code for answer in answers} <= {200, 400}


@pytest.mark.parametrize("name", ["after", "outcome", "truth", "format"])
def test_odd_words_of_a_list_are_refused_or_ignored(lead, as_person, name):
    browser, values = as_person(lead), [*ODD, f"2026-03-01T00:00+00:00,{9**30}", "0001-01-01,1"]
    pages = [browser.get(reverse("sla:verdicts"), {**PERIOD, name: value}) for value in values]

    assert {page.status_code for page in pages} <= {200, 422}


@pytest.mark.parametrize("level", ["emperor", "exec\x00"])
def test_a_vip_level_that_is_none_is_said_to_be_so(lead, api_as, level):
    answer = api_as(lead).get("/api/support/sla/compliance", {**PERIOD, "vip": level})

    assert (answer.status_code, answer.json()["detail"]) == (
        400,
        f"vip: {level} is no such key.",
    )
