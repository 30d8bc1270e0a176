"""Arrange policies: write drafts, publish and retire them. Running clocks keep their terms."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, prefetch_related_objects
from django.utils.translation import gettext as _

from nova.accounts.models import User
from nova.errors import Refused
from nova.events.base import Change
from nova.events.bus import publish
from sla.choices import VersionStatus
from sla.events import (
    PolicyCreated,
    PolicyDrafted,
    PolicyEdited,
    PolicyPublished,
    PolicyRetired,
)
from sla.models import EscalationStep, Policy, PolicyVersion, Target
from sla.models.steps import rows_of
from sla.services.changing import set_changed
from sla.step_words import lines_of

Stated = Mapping[str, Any]
SAID = ("targets__calendar", "targets__team", "steps__posts_to", "steps__calls")  # to compare
TARGET = ("metric", "team", "seconds", "calendar", "pause_on", "reopen", "on_change")


@transaction.atomic
def create_policy(
    name: str,
    order: int,
    conditions: Stated,
    targets: Iterable[Stated],
    *,
    steps: Iterable[Stated] | None = None,
    actor: User,
    now: datetime,
) -> Policy:
    """Create a policy with a draft of its first version. It promises nothing until published."""
    policy = Policy.objects.create(tenant_id=actor.tenant_id, name=name, order=order)
    _write(policy, conditions, targets, map(_step, steps or ()), actor, now)
    event = PolicyCreated(tenant_id=actor.tenant_id, policy_id=policy.pk, policy=policy.name)
    publish(event, actor=actor, now=now)
    return policy


@transaction.atomic
def edit_policy(policy_id: int, *, name: str, order: int, actor: User, now: datetime) -> Policy:
    """Name a policy or give it another place in the order. No change, no event."""
    policy = _held(policy_id)
    changes = set_changed(policy, {"name": name, "order": order})
    if changes:
        policy.save(update_fields=list(changes))
        event = PolicyEdited(**_named(policy), changes=changes)
        publish(event, actor=actor, now=now)
    return policy


@transaction.atomic
def draft_policy(
    policy_id: int,
    conditions: Stated,
    targets: Iterable[Stated],
    *,
    steps: Iterable[Stated] | None = None,
    actor: User,
    now: datetime,
) -> PolicyVersion:
    """Write the policy's draft, in the place of the one that there may be.

    Its escalation stays as it was where no `steps` are stated. What says the same as the draft,
    or without one as what is in force, is no new one: then that is returned, and nothing is told.
    """
    policy, stated = _held(policy_id), [*targets]
    draft = policy.versions.filter(status=VersionStatus.DRAFT).first()
    present = draft or policy.current
    written = _steps_of(present) if steps is None else [_step(step) for step in steps]
    if present and _said_by(present) == _facts(conditions, map(_target, stated), written):
        return present
    if draft:
        draft.delete()
    version = _write(policy, conditions, stated, written, actor, now)
    event = PolicyDrafted(**_named(policy), number=version.number)
    publish(event, actor=actor, now=now)
    return version


@transaction.atomic
def publish_policy(policy_id: int, *, actor: User, now: datetime) -> Policy:
    """Put the draft in force for tickets that come from now on; the former version retires.

    Raises `Refused` where there is no draft.
    """
    policy = _held(policy_id)
    draft = policy.versions.filter(status=VersionStatus.DRAFT).first()
    if draft is None:
        raise Refused(_("%(policy)s has no draft to publish.") % {"policy": policy})
    former = policy.current
    _retire(former, now)
    draft.status, draft.published_at = VersionStatus.PUBLISHED, now
    draft.save(update_fields=["status", "published_at"])
    policy.current = draft
    policy.save(update_fields=["current"])
    changes = differences(former, draft)
    event = PolicyPublished(**_named(policy), number=draft.number, changes=changes)
    publish(event, actor=actor, now=now)
    return policy


@transaction.atomic
def retire_policy(policy_id: int, *, actor: User, now: datetime) -> Policy:
    """Promise by it no more. What it promised stays promised. Raises `Refused` if it is not."""
    policy = _held(policy_id)
    former = policy.current
    if former is None:
        raise Refused(_("%(policy)s is not in force.") % {"policy": policy})
    policy.current = None
    policy.save(update_fields=["current"])
    _retire(former, now)
    event = PolicyRetired(**_named(policy), number=former.number)
    publish(event, actor=actor, now=now)
    return policy


@transaction.atomic
def discard_policy_draft(policy_id: int, *, actor: User, now: datetime) -> None:
    """Throw the draft away. Raises `Refused` where there is none, or if that is all."""
    policy = _held(policy_id)
    draft = policy.versions.filter(status=VersionStatus.DRAFT).first()
    if draft is None:
        raise Refused(_("%(policy)s has no draft.") % {"policy": policy})
    if not policy.versions.exclude(pk=draft.pk).exists():
        raise Refused(_("%(policy)s has nothing but its draft.") % {"policy": policy})
    draft.delete()
    event = PolicyDrafted(**_named(policy), number=draft.number, is_discarded=True)
    publish(event, actor=actor, now=now)


def differences(before: PolicyVersion | None, after: PolicyVersion) -> dict[str, Change]:
    """Return what two versions of a policy state differently, by property and by target."""
    old, new = _said_by(before) if before else {}, _said_by(after)
    names = [*old, *(name for name in new if name not in old)]
    return {
        name: (old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)
    }


def _held(policy_id: int) -> Policy:
    return Policy.objects.select_for_update(of=("self",)).get(pk=policy_id)


def _named(policy: Policy) -> dict[str, Any]:
    return {"tenant_id": policy.tenant_id, "policy_id": policy.pk, "policy": policy.name}


def _retire(version: PolicyVersion | None, now: datetime) -> None:
    if version is not None:
        version.status, version.retired_at = VersionStatus.RETIRED, now
        version.save(update_fields=["status", "retired_at"])


def _write(
    policy: Policy,
    conditions: Stated,
    targets: Iterable[Stated],
    steps: Iterable[EscalationStep],
    actor: User,
    now: datetime,
) -> PolicyVersion:
    last = policy.versions.aggregate(last=Max("number"))["last"] or 0
    version = PolicyVersion.objects.create(
        tenant_id=policy.tenant_id,
        policy=policy,
        number=last + 1,
        conditions={name: list(values) for name, values in conditions.items() if values},
        author=actor,
        written_at=now,
    )
    _write_rows(version, Target, [_target(target) for target in targets])
    _write_rows(version, EscalationStep, [*steps])
    return version


def _write_rows(version: PolicyVersion, model: type[Target | EscalationStep], rows: Any) -> None:
    for row in rows:
        row.pk, row.tenant_id, row.version = None, version.tenant_id, version
    model._default_manager.bulk_create(rows)


def _target(stated: Stated) -> Target:
    """Return a target as stated, of no version yet."""
    return Target(**{name: stated[name] for name in TARGET if name in stated})


def _step(stated: Stated) -> EscalationStep:
    """Return a step as stated, of no version yet."""
    return EscalationStep(**stated)


def _steps_of(version: PolicyVersion | None) -> list[EscalationStep]:
    return rows_of(version) if version else []


def _said_by(version: PolicyVersion) -> dict[str, Any]:
    prefetch_related_objects([version], *SAID)
    return _facts(version.conditions, version.targets.all(), _steps_of(version))


def _facts(
    conditions: Stated, targets: Iterable[Target], steps: Sequence[EscalationStep]
) -> dict[str, Any]:
    """Return what a version states, flat and plain."""
    facts: dict[str, Any] = {
        f"for {name}": sorted(values) for name, values in sorted(conditions.items()) if values
    }
    for target in targets:
        whose = f"{target.metric} of {target.team}" if target.team else str(target.metric)
        facts |= {
            f"{whose} seconds": target.seconds,
            f"{whose} calendar": str(target.calendar),
            f"{whose} pauses in": sorted(target.pause_on),
            f"{whose} when reopened": str(target.reopen),
            f"{whose} on change": str(target.on_change),
        }
    return facts | ({"escalation": sorted(lines_of(steps))} if steps else {})
