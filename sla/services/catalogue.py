"""Arrange what is promised. Running clocks keep the terms that they copied."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from nova.accounts.models import User
from nova.events.base import Change
from nova.events.bus import publish
from sla.calendars import hours_from_json
from sla.events import CalendarPublished, PolicyCreated, PolicyEdited
from sla.models import Calendar, CalendarVersion, Policy, Target

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
    changes = _set(policy, fields)
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


@transaction.atomic
def create_calendar(name: str, definition: Stated, *, actor: User, now: datetime) -> Calendar:
    """Create a calendar with its first hours. Raises `Malformed` for what cannot be read."""
    calendar = Calendar.objects.create(tenant_id=actor.tenant_id, name=name)
    return publish_calendar(calendar.pk, definition, actor=actor, now=now)


@transaction.atomic
def publish_calendar(
    calendar_id: int,
    definition: Stated,
    *,
    actor: User,
    now: datetime,
    name: str | None = None,
) -> Calendar:
    """Give a calendar new hours, as a version of its own. No change, no version.

    Clocks that run keep the version that they started with. Raises `Malformed` for what cannot
    be read.
    """
    hours_from_json(definition)
    calendar = Calendar.objects.select_for_update().get(pk=calendar_id)
    changes = _publish(calendar, definition, actor, now)
    if name is not None:
        changes |= _set(calendar, {"name": name})
    if changes and calendar.current:
        calendar.save(update_fields=["current", "name"])
        event = CalendarPublished(
            tenant_id=calendar.tenant_id,
            calendar_id=calendar.pk,
            calendar=calendar.name,
            number=calendar.current.number,
            changes=changes,
        )
        publish(event, actor=actor, now=now)
    return calendar


def _publish(
    calendar: Calendar, definition: Stated, actor: User, now: datetime
) -> dict[str, Change]:
    """Give a calendar a version with these hours if they differ; return what does."""
    former = calendar.current
    before = former.definition if former else {}
    changes: dict[str, Change] = {
        key: (before.get(key), value)
        for key, value in definition.items()
        if before.get(key) != value
    }
    if changes:
        calendar.current = CalendarVersion.objects.create(
            tenant_id=calendar.tenant_id,
            calendar=calendar,
            number=former.number + 1 if former else 1,
            definition=definition,
            published_at=now,
            author=actor,
        )
    return changes


def _set(row: Policy | Calendar | Target, fields: Stated) -> dict[str, Change]:
    """Set what differs; return by field the value before and after."""
    changes: dict[str, Change] = {}
    for name, value in fields.items():
        before = getattr(row, name)
        if before != value:
            setattr(row, name, value)
            changes[name] = (_plain(before), _plain(value))
    return changes


def _retarget(policy: Policy, stated: Iterable[Stated]) -> dict[str, Change]:
    present = {target.metric: target for target in policy.targets.select_related("calendar")}
    changes: dict[str, Change] = {}
    for fields in stated:
        target = present.pop(fields["metric"], None) or Target(
            tenant_id=policy.tenant_id, policy=policy, metric=fields["metric"]
        )
        found = _set(target, fields) if target.pk else _created(target, fields)
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


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Calendar) else value
