"""Recalculations in Nova Core and by API: who may, what they see, and what it leads to."""

import pytest
from django.urls import reverse

from sla.models import Recalculation
from sla.services import draft_policy, publish_policy
from sla.tasks import recalculate
from tests.downloads import text_of
from tests.factories import PersonFactory
from tests.sla.living import clock, minutes, promise, target
from tests.sla.test_recalculations import previewed, restate, run
from tests.tickets.making import opened_for
from tickets import services

API = "/api/support/sla/recalculations"
ASK = {"scope": "all", "reason": "New contract"}


@pytest.fixture
def policy(tenant):
    return promise(240)


@pytest.fixture
def admin(policy):
    return PersonFactory(role="admin")


@pytest.fixture
def ticket(policy, admin):
    made = opened_for(PersonFactory())
    restate(policy, admin, 120)
    return made


def page(name, *args):
    return reverse(f"admin:sla_recalculation_{name}", args=args)


def test_a_recalculation_is_begun_looked_at_applied_and_undone_in_core(admin, ticket, as_person):
    core = as_person(admin)
    answer = core.post(page("add"), ASK)
    begun = Recalculation.objects.get()
    assert answer.url == page("change", begun.pk)
    assert b"Being previewed" in core.get(answer.url).content
    assert b"hx-get" in core.get(page("now", begun.pk)).content
    run(admin, minutes(10))
    assert core.get(page("now", begun.pk))["HX-Refresh"] == "true"

    shown = core.get(page("change", begun.pk)).content.decode()
    assert "1 due time moves, 0 become breached, 0 are healed." in shown
    assert ticket.reference in shown
    assert (
        f"Apply Recalculation {begun.pk}"
        in core.get(page("verb", begun.pk, "apply")).content.decode()
    )
    core.post(page("verb", begun.pk, "apply"))
    run(admin, minutes(10))
    assert clock(ticket).due_at == minutes(120)
    answer = core.post(page("verb", begun.pk, "undo"))
    run(admin, minutes(11))
    assert clock(ticket).due_at == minutes(240)
    assert f"It undoes recalculation {begun.pk}" in core.get(answer.url).content.decode()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"scope": "policies"}, "policies"),
        ({"scope": "calendar"}, "calendar"),
        ({"reason": " "}, "reason"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(admin, as_person, given, field):
    answer = as_person(admin).post(page("add"), {**ASK, **given})

    assert field in answer.context["form"].errors
    assert not Recalculation.objects.exists()


def test_lines_are_filtered_and_exported(admin, ticket, as_person):
    begun, core = previewed(admin, minutes(10)), as_person(admin)
    rows = text_of(core.get(page("export", begun.pk))).splitlines()
    earlier = text_of(core.get(page("export", begun.pk), {"kind": "earlier"})).splitlines()

    assert (len(rows), len(earlier)) == (3, 2)
    assert earlier[1].startswith(f"{ticket.reference},resolution,1,earlier,2026-03-03T14:00:00")
    assert (
        core.get(page("change", begun.pk), {"kind": "later"}).context["page"].paginator.count == 0
    )


@pytest.mark.parametrize("count", [3, 30])
def test_the_page_costs_the_same_for_few_and_many(
    policy, admin, as_person, count, django_assert_num_queries
):
    for _ in range(count):
        opened_for(PersonFactory())
    restate(policy, admin, 120)
    begun, core = previewed(admin, minutes(10)), as_person(admin)
    core.get(page("change", begun.pk))
    with django_assert_num_queries(PAGE):
        core.get(page("change", begun.pk))


@pytest.mark.parametrize("count", [3, 30])
def test_the_list_of_recalculations_costs_the_same_for_few_and_many(
    admin, ticket, api_as, django_assert_num_queries, count
):
    for _ in range(count):
        previewed(admin, minutes(10))
    program = api_as(admin)
    program.get(API)
    with django_assert_num_queries(5):
        found = program.get(API).data["results"]

    assert [one["totals"]["moved"] for one in found] == [1] * count


def test_a_verb_that_is_refused_says_so(admin, ticket, as_person):
    begun, core = previewed(admin, minutes(10)), as_person(admin)
    answer = core.post(page("verb", begun.pk, "undo"), follow=True)

    assert "There is nothing to undo." in answer.content.decode()
    assert core.get(page("verb", begun.pk, "explode")).status_code == 404


@pytest.mark.parametrize("role", ["lead", "technician", "manager", "integration", "requester"])
def test_only_admins_recalculate(policy, api_as, role):
    program = api_as(PersonFactory(role=role))

    assert program.get(API).status_code == 403
    assert program.post(API, ASK, format="json").status_code == 403


def test_another_tenant_finds_none_of_it(admin, ticket, outsider, as_person, api_as):
    begun = previewed(admin, minutes(10))
    core, program = as_person(outsider), api_as(outsider)

    assert core.get(page("change", begun.pk)).status_code == 404
    assert core.get(page("export", begun.pk)).status_code == 404
    assert core.post(page("verb", begun.pk, "apply")).status_code == 404
    assert program.get(f"{API}/{begun.pk}").status_code == 404
    assert program.get(f"{API}/{begun.pk}/lines").status_code == 404
    assert program.post(f"{API}/{begun.pk}/apply").status_code == 404
    assert program.get(API).data["results"] == []


def test_by_api_it_is_previewed_paged_applied_and_undone(admin, ticket, api_as):
    program = api_as(admin)
    begun = program.post(API, ASK, format="json")
    assert (begun.status_code, begun.data["status"]) == (202, "previewing")
    one = f"{API}/{begun.data['id']}"
    assert program.post(f"{one}/apply").status_code == 409
    run(admin, minutes(10))
    assert program.get(one).data["totals"]["moved"] == 1
    first = program.get(f"{one}/lines", {"page_size": 1}).data
    assert (len(first["results"]), bool(first["next"])) == (1, True)
    [line] = program.get(f"{one}/lines", {"kind": "earlier"}).data["results"]
    assert (line["reference"], line["after"]["target_seconds"]) == (ticket.reference, 7200)
    assert program.get(f"{one}/lines", {"kind": "odd"}).status_code == 400

    assert program.post(f"{one}/apply").data["status"] == "applying"
    run(admin, minutes(10))
    undo = program.post(f"{one}/undo")
    assert (undo.status_code, undo.data["undoes"]) == (202, begun.data["id"])
    assert program.post(f"{API}/{undo.data['id']}/cancel").data["status"] == "cancelled"


def test_which_policies_are_for_vips_is_withheld(admin, policy, api_as):
    secret = promise(90, name="Board", vip_level=["exec"])
    requester = PersonFactory()
    opened_for(requester)
    vip = opened_for(requester)
    mark = services.VipMark(level="exec", source="manual", reasons=("Board",))
    services.set_vips({vip.pk: mark}, actor=admin, now=minutes(0))
    targets = [target("response", 5), target("resolution", 60)]
    acting = {"actor": admin, "now": minutes(1)}
    draft_policy(secret.pk, {"vip_level": ["exec"]}, targets, **acting)
    publish_policy(secret.pk, **acting)
    begun = previewed(admin, minutes(2))
    lines = f"{API}/{begun.pk}/lines"
    assert b"Board" in api_as(admin).get(lines).content
    for role in admin.roles.all():
        kept = [name for name in role.permissions if name != "tickets.view_sla_adjustments"]
        role.permissions = kept
        role.save()

    assert b"Board" not in api_as(admin).get(lines).content


def test_the_task_does_all_that_is_asked_for(admin, ticket, django_capture_on_commit_callbacks):
    begun = previewed(admin, minutes(10))
    recalculate(admin.tenant_id)

    begun.refresh_from_db()
    assert begun.status == "previewed"


PAGE = 13
