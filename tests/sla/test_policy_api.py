"""Policies by API for those who may not know how VIPs are treated: nothing is told."""

import pytest

from sla.models import EscalationStep, Policy
from sla.services import draft_policy
from tests.factories import NOW, PersonFactory
from tests.sla.escalated import tell
from tests.sla.living import target

URL = "/api/support/sla"
SEE = "tickets.view_sla_adjustments"
TARGETS = [{"metric": "resolution", "seconds": 90, "calendar": "Office hours"}]
STEP = {"percent": 90, "tells": ["senior"]}
FOR_VIPS = {**STEP, "vip_levels": ["exec"]}


@pytest.fixture
def arranger(tenant):
    """Return somebody who arranges service levels and may not know how VIPs are treated."""
    person = PersonFactory(role="admin")
    for role in person.roles.all():
        role.permissions = [name for name in role.permissions if name != SEE]
        role.save()
    return person


@pytest.fixture
def program(arranger, api_as):
    return api_as(arranger)


@pytest.fixture
def policy(program):
    made = program.post(URL, {"name": "Night", "targets": TARGETS}).json()
    return Policy.objects.get(pk=made["id"])


@pytest.fixture
def with_secret_step(policy, arranger):
    acting = {"actor": arranger, "now": NOW}
    steps = [tell(50, "lead", vip_levels=["exec"]), tell(80, "lead")]
    draft_policy(policy.pk, {}, [target("resolution", 2)], steps=steps, **acting)
    return policy


@pytest.mark.parametrize(
    ("place", "stated"),
    [
        ("conditions.vip_level", {"conditions": {"vip_level": ["exec"]}}),
        ("steps.0.vip_levels", {"steps": [FOR_VIPS]}),
    ],
    ids=["conditions", "steps"],
)
def test_what_is_for_vips_is_refused_at_its_field(program, place, stated):
    answer = program.post(URL, {"name": "New", "targets": TARGETS, **stated})

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [place])
    assert not Policy.objects.filter(name="New").exists()


def test_a_draft_for_vips_is_refused_too(program, policy):
    stated = {"targets": TARGETS, "conditions": {"vip_level": ["exec"]}}
    answer = program.post(f"{URL}/{policy.pk}/versions", stated)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["conditions.vip_level"])


def test_no_answer_tells_of_steps_that_are_for_vips(program, with_secret_step):
    path = f"{URL}/{with_secret_step.pk}"
    drafted = program.post(f"{path}/versions", {"targets": TARGETS})
    published = program.post(f"{path}/publish")
    retired = program.post(f"{path}/retire")

    assert [a.status_code for a in (drafted, published, retired)] == [201, 200, 200]
    for answer in (drafted, published):
        assert [step["percent"] for step in answer.json()["steps"]] == [80]
    assert retired.json()["steps"] == []


def test_steps_that_one_does_not_see_are_not_written_over(program, with_secret_step):
    stated = {"targets": TARGETS, "steps": [STEP]}
    answer = program.post(f"{URL}/{with_secret_step.pk}/versions", stated)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["steps"])
    assert EscalationStep.objects.filter(percent=50).exists()


def test_steps_for_all_are_stated_with_a_new_policy(program):
    answer = program.post(URL, {"name": "New", "targets": TARGETS, "steps": [STEP]})

    assert (answer.status_code, len(answer.json()["steps"])) == (201, 1)


def test_core_shows_policies_only_to_who_may_know_how_vips_are_treated(arranger, as_person):
    core = as_person(arranger)

    assert core.get("/core/sla/policy/").status_code == 403
    assert core.get("/core/sla/calendar/").status_code == 200
