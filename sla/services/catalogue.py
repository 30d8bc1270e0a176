"""Arrange what is promised. Running clocks keep the terms that they copied."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from nova.accounts.models import User
from nova.events.bus import publish
from sla.events import PolicyCreated
from sla.models import Policy, Target


@transaction.atomic
def create_policy(stated: Mapping[str, Any], *, actor: User, now: datetime) -> Policy:
    """Create a policy with its targets, for the tickets that come from now on."""
    fields = dict(stated)
    targets = fields.pop("targets")
    policy = Policy.objects.create(tenant_id=actor.tenant_id, **fields)
    Target.objects.bulk_create(
        Target(tenant_id=actor.tenant_id, policy=policy, **target) for target in targets
    )
    event = PolicyCreated(tenant_id=actor.tenant_id, policy_id=policy.pk, policy=policy.name)
    publish(event, actor=actor, now=now)
    return policy
