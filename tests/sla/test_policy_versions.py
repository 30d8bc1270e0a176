"""The versions of a policy: what each changed, and that one is always left."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nova.errors import Refused
from nova.notifications.models import SlackHook
from sla import services
from sla.models import Policy
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


def test_a_draft_is_not_thrown_away_where_it_is_all_there_is(acting):
    policy = services.create_policy("New", 5, {}, [target("resolution", 1)], **acting)
    with pytest.raises(Refused, match="nothing but its draft"):
        services.discard_policy_draft(policy.pk, **acting)

    assert policy.versions.count() == 1


@pytest.mark.parametrize("is_retired", [False, True])
def test_a_draft_is_thrown_away_where_something_was_published(acting, is_retired):
    policy = Policy.objects.get(name="High")
    services.draft_policy(policy.pk, {}, [target("resolution", 1)], **acting)
    if is_retired:
        services.retire_policy(policy.pk, **acting)
    services.discard_policy_draft(policy.pk, **acting)

    assert policy.versions.count() == 1


def test_core_offers_to_discard_only_what_may_be_discarded(acting, as_person):
    core = as_person(acting["actor"])
    new = services.create_policy("New", 5, {}, [target("resolution", 1)], **acting)
    high = Policy.objects.get(name="High")
    services.draft_policy(high.pk, {}, [target("resolution", 1)], **acting)
    pages = [core.get(f"/core/sla/policy/{policy.pk}/change/") for policy in (new, high)]

    assert ["policy_discard" in page.content.decode() for page in pages] == [False, True]
