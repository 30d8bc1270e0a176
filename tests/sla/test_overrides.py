"""What chosen people are promised beyond the policies, while they are VIPs."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from nova.accounts.models import TeamMembership
from nova.errors import Refused
from nova.events.models import EventRecord
from sla.calendars import Malformed
from sla.models import Calendar, VipOverride
from sla.services import edit_override, override_sla
from tests.factories import DepartmentFactory, PersonFactory, TeamFactory
from tests.sla.living import clock, minutes
from tests.tickets.making import opened_for
from vip.services import designate_vip, reassess

TWO = {"response": {"seconds": 120}}


@pytest.fixture
def boss(tenant):
    return PersonFactory(role="admin")


@pytest.fixture
def vera(boss):
    person = PersonFactory(name="Vera", department=DepartmentFactory(name="Board"))
    designate_vip({"person_id": person.pk}, "exec", reason="Board", actor=boss, now=minutes(-5))
    reassess([person.pk], actor=boss, now=minutes(-5))
    person.refresh_from_db()
    return person


def override(boss, terms=TWO, **whom):
    return override_sla(whom, terms, reason="As agreed", actor=boss, now=minutes(-1))


def response(person):
    return clock(opened_for(person), "response")


def test_a_vip_gets_what_was_promised_to_them_alone(boss, vera):
    override(boss, person=vera)
    found = response(vera)

    assert (found.due_at, found.policy_name) == (minutes(2), "Override for Vera")
    assert found.policy_version_id is None


def test_all_of_a_department_or_a_team_get_it(boss, vera):
    override(boss, department=vera.department)
    assert response(vera).target_seconds == 120

    team = TeamFactory()
    TeamMembership.objects.create(tenant_id=team.tenant_id, team=team, person=vera)
    override(boss, {"response": {"seconds": 60}}, team=team)
    assert response(vera).target_seconds == 60


def test_the_better_one_counts(boss, vera):
    override(boss, {"response": {"seconds": 3600}}, person=vera)

    assert response(vera).policy_name == "VIP"


def test_who_is_no_vip_gets_nothing_beyond(boss):
    nobody = PersonFactory(name="Nobody")
    override(boss, person=nobody)

    assert response(nobody).policy_name == "Moderate"


def test_it_counts_by_a_calendar_of_its_own_if_it_says_so(boss, vera):
    office = Calendar.objects.get(name="Office hours")
    override(boss, {"response": {"seconds": 120, "calendar": office.pk}}, person=vera)

    assert response(vera).calendar_version_id == office.current_id


def test_it_holds_between_its_dates(boss, vera):
    acting = {"reason": "Launch", "actor": boss, "now": minutes(-9)}
    override_sla({"person": vera}, TWO, starts_at=minutes(10), ends_at=minutes(20), **acting)

    assert response(vera).policy_name == "VIP"
    for at, name in ((10, "Override for Vera"), (19, "Override for Vera"), (20, "VIP")):
        assert clock(opened_for(vera, at=minutes(at)), "response").policy_name == name


@pytest.mark.parametrize(
    ("terms", "place"),
    [
        ({}, "vip_sla_override"),
        ({"response": {}}, "response"),
        ({"response": {"seconds": 0}}, "response.seconds"),
        ({"response": {"seconds": "5"}}, "response.seconds"),
        ({"ola": {"seconds": 5}}, "vip_sla_override"),
        ({"response": {"seconds": 5, "colour": "gold"}}, "response"),
        ([], "vip_sla_override"),
    ],
    ids=str,
)
def test_what_the_schema_refuses_is_said_with_its_place(boss, vera, terms, place):
    with pytest.raises(Malformed) as refused:
        override(boss, terms, person=vera)

    assert list(refused.value.errors) == [place]


@pytest.mark.parametrize(
    "stated", [{"reason": " "}, {"ends_at": minutes(-2)}], ids=["reason", "end"]
)
def test_it_needs_a_reason_and_a_life(boss, vera, stated):
    given = {"reason": "As agreed", "actor": boss, "now": minutes(-1), **stated}
    with pytest.raises(Refused):
        override_sla({"person": vera}, TWO, **given)


def test_it_is_for_exactly_one(boss, vera):
    with pytest.raises(IntegrityError, match="override_is_for_one"), transaction.atomic():
        override(boss, person=vera, department=vera.department)


def test_running_clocks_keep_what_they_copied_and_the_change_is_told(boss, vera):
    made = override(boss, person=vera)
    found = response(vera)
    edit_override(
        made.pk, {"vip_sla_override": {"response": {"seconds": 5}}}, actor=boss, now=minutes(1)
    )
    found.refresh_from_db()

    assert found.target_seconds == 120
    said = EventRecord.objects.filter(name="sla.VipOverridden").latest("pk")
    assert said.payload["changes"] == {"vip_sla_override": [TWO, {"response": {"seconds": 5}}]}


def test_an_admin_fills_in_a_form_and_no_json(boss, vera, as_person):
    core = as_person(boss)
    given = {"person": vera.pk, "reason": "Launch", "response_span": 3}
    answer = core.post(reverse("admin:sla_vipoverride_add"), given)
    made = VipOverride.objects.get()

    assert answer.status_code == 302
    assert made.vip_sla_override == {"response": {"seconds": 180}}
    shown = core.get(reverse("admin:sla_vipoverride_change", args=[made.pk]))
    assert shown.context["adminform"].form.initial["response_span"] == 180


def test_an_override_of_seconds_stays_when_its_page_is_saved(boss, vera, as_person):
    made = override(boss, {"response": {"seconds": 30}}, person=vera)
    url, core = reverse("admin:sla_vipoverride_change", args=[made.pk]), as_person(boss)
    shown = core.get(url).context["adminform"].form["response_span"].value()
    core.post(url, {"person": vera.pk, "reason": "Longer", "response_span": shown})
    made.refresh_from_db()

    assert (shown, made.reason) == ("30 s", "Longer")
    assert made.vip_sla_override == {"response": {"seconds": 30}}


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("person", {"response_span": 3}),
        ("response_span", {}),
        ("response_span", {"response_span": 0}),
    ],
    ids=["nobody", "nothing", "zero"],
)
def test_what_is_missing_is_said_at_its_field(boss, vera, as_person, field, given):
    whom = {} if field == "person" else {"person": vera.pk}
    url = reverse("admin:sla_vipoverride_add")
    answer = as_person(boss).post(url, {"reason": "Launch", **whom, **given})

    assert field in answer.context["adminform"].form.errors
    assert not VipOverride.objects.exists()


@pytest.mark.parametrize("role", ["lead", "technician", "requester"])
def test_nobody_else_sees_or_makes_overrides(tenant, as_person, role):
    url = reverse("admin:sla_vipoverride_changelist")

    assert as_person(PersonFactory(role=role)).get(url).status_code != 200
