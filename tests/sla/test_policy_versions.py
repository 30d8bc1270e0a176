"""The versions of a policy: what each changed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nova.notifications.models import SlackHook
from sla import services
from tests.factories import NOW, PersonFactory, TeamFactory
from tests.sla.escalated import tell
from tests.sla.living import target


@pytest.fixture
def acting(tenant):
    return {"actor": PersonFactory(role="admin"), "now": NOW}


def grown(count, acting):
    """Return a policy of so many versions, each with targets, a team's part and a step."""
    policy = services.create_policy(f"Of {count}", 5, {}, [target("resolution", 1)], **acting)
    team, tenant_id = TeamFactory(), policy.tenant_id
    chat = SlackHook.objects.create(tenant_id=tenant_id, name=f"#{count}", sealed_url="x")
    for number in range(2, count + 1):
        services.publish_policy(policy.pk, **acting)
        parts = [target("resolution", number), {**target("ola", number), "team": team}]
        steps = [tell(number, "lead", posts_to=chat)]
        services.draft_policy(policy.pk, {}, parts, steps=steps, **acting)
    return policy


def test_the_page_of_a_policy_costs_the_same_for_few_versions_and_many(acting, as_person):
    core, costs = as_person(acting["actor"]), []
    few, many = grown(3, acting), grown(30, acting)
    for policy in (few, few, many):  # the first look warms what is kept
        with CaptureQueriesContext(connection) as asked:
            page = core.get(f"/core/sla/policy/{policy.pk}/change/")
        costs.append(len(asked))

    assert costs[1] == costs[2]
    assert "resolution seconds: 1740 → 1800" in page.content.decode()
    assert "escalation: at 29 %" in page.content.decode()
