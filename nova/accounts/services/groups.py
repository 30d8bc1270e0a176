"""How groups come, change and go, and who is in them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from nova.accounts.events import GroupCreated, GroupDeleted, GroupEdited, GroupMembershipChanged
from nova.accounts.models import Group, GroupMembership, User
from nova.accounts.services.taken import refuse_taken
from nova.errors import Refused
from nova.events.base import Change
from nova.events.bus import publish


@transaction.atomic
def create_group(
    name: str, *, external_id: str | None = None, actor: User, now: datetime
) -> Group:
    """Create a group of nobody. Raises `Taken` when its name or external id is another's."""
    with refuse_taken():
        group = Group.objects.create(
            tenant_id=actor.tenant_id,
            name=name,
            external_id=external_id,
            created_at=now,
            changed_at=now,
        )
    publish(GroupCreated(**_named(group)), actor=actor, now=now)
    return group


@transaction.atomic
def edit_group(group_id: int, fields: Mapping[str, Any], *, actor: User, now: datetime) -> Group:
    """Change the name or external id of a group. Raises `Taken` when it is another's."""
    group = Group.objects.select_for_update().get(pk=group_id)
    changes: dict[str, Change] = {
        name: (getattr(group, name), value)
        for name, value in fields.items()
        if getattr(group, name) != value
    }
    if changes:
        named = _named(group)
        for name, (_before, value) in changes.items():
            setattr(group, name, value)
        with refuse_taken():
            _save(group, [*changes], now)
        publish(GroupEdited(**named, changes=changes), actor=actor, now=now)
    return group


@transaction.atomic
def change_members(
    group_id: int,
    *,
    add: Collection[int] = (),
    remove: Collection[int] = (),
    actor: User,
    now: datetime,
) -> Group:
    """Put people into a group and take others out, by their ids.

    To add who is in it, or to take out who is not, changes nothing. Raises `Refused` when
    somebody to add is not a person of the tenant.
    """
    group = Group.objects.select_for_update().get(pk=group_id)
    named = group.memberships.filter(person__in={*add, *remove})
    inside = set(named.values_list("person_id", flat=True))
    added, removed = set(add) - inside, (set(remove) & inside) - set(add)
    _check_people(added)
    if added or removed:
        GroupMembership.objects.bulk_create(
            GroupMembership(tenant_id=group.tenant_id, group=group, person_id=pk)
            for pk in sorted(added)
        )
        group.memberships.filter(person__in=removed).delete()
        _save(group, [], now)
        event = GroupMembershipChanged(
            **_named(group), added=sorted(added), removed=sorted(removed)
        )
        publish(event, actor=actor, now=now)
    return group


@transaction.atomic
def delete_group(group_id: int, *, actor: User, now: datetime) -> None:
    """Delete a group. That its members left it is told first, as when they leave otherwise."""
    group = Group.objects.select_for_update().get(pk=group_id)
    inside = list(group.memberships.values_list("person_id", flat=True))
    change_members(group_id, remove=inside, actor=actor, now=now)
    named = _named(group)
    group.delete()
    publish(GroupDeleted(**named), actor=actor, now=now)


def _named(group: Group) -> dict[str, Any]:
    return {"tenant_id": group.tenant_id, "group_id": group.pk, "group": group.name}


def _save(group: Group, names: list[str], now: datetime) -> None:
    group.version += 1
    group.changed_at = now
    group.save(update_fields=[*names, "version", "changed_at"])


def _check_people(ids: Collection[int]) -> None:
    if ids and User.objects.who_sign_in().filter(pk__in=ids).count() != len(ids):
        raise Refused(_("Somebody who is to be in the group is not here."))
