"""Arrange policies. Running clocks keep the terms that they copied."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from nova.accounts.models import User
from nova.events.base import Change
from nova.events.bus import publish
from sla.events import PolicyCreated, PolicyEdited
from sla.models import Policy, Target
from sla.services.changing import set_changed

Stated = Mapping[str, Any]


@transaction.atomic
def create_policy(stated: Stated, *, actor: User, now: datetime) -> Policy:
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


@transaction.atomic
def edit_policy(policy_id: int, stated: Stated, *, actor: User, now: datetime) -> Policy:
    """Change a policy, and where `targets` are stated, set them to these. No change, no event.

    Clocks that run keep what they copied: only tickets that come from now on are measured anew.
    """
    fields = dict(stated)
    targets = fields.pop("targets", None)
    policy = Policy.objects.select_for_update().get(pk=policy_id)
    changes = set_changed(policy, fields)
    if changes:
        policy.save(update_fields=list(changes))
    if targets is not None:
        changes |= _retarget(policy, targets)
    if changes:
        event = PolicyEdited(
            tenant_id=policy.tenant_id, policy_id=policy.pk, policy=policy.name, changes=changes
        )
        publish(event, actor=actor, now=now)
    return policy


def _retarget(policy: Policy, stated: Iterable[Stated]) -> dict[str, Change]:
    present = {target.metric: target for target in policy.targets.select_related("calendar")}
    changes: dict[str, Change] = {}
    for fields in stated:
        target = present.pop(fields["metric"], None) or Target(
            tenant_id=policy.tenant_id, policy=policy, metric=fields["metric"]
        )
        found = set_changed(target, fields) if target.pk else _created(target, fields)
        if found:
            target.save()
            changes |= {f"{target.metric} {name}": change for name, change in found.items()}
    for target in present.values():
        changes[target.metric] = (target.seconds, None)
        target.delete()
    return changes


def _created(target: Target, fields: Stated) -> dict[str, Change]:
    for name, value in fields.items():
        setattr(target, name, value)
    return {"seconds": (None, target.seconds)}
