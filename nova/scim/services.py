"""How groups bring teams and roles, and how these go with them again."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from nova.accounts import services
from nova.accounts.models import Group, GroupMembership, Role, RoleGrant, Team, User
from nova.errors import Refused
from nova.events.bus import publish
from nova.scim.events import GroupMapped, GroupUnmapped
from nova.scim.models import Given, GroupMapping


@transaction.atomic
def map_group(
    group: Group,
    *,
    team: Team | None = None,
    role: Role | None = None,
    actor: User,
    now: datetime,
) -> GroupMapping:
    """Let a group bring a team or a role, from now on and to who is in it already.

    Raises `Refused` for a role that allows more than the actor may do.
    """
    if role is not None and not actor.permissions.issuperset(role.permissions):
        raise Refused(_("%(role)s may do more than you.") % {"role": role})
    with services.refuse_taken():
        mapping = GroupMapping.objects.create(
            tenant_id=group.tenant_id, group=group, team=team, role=role
        )
    publish(GroupMapped(**_named(mapping)), actor=actor, now=now)
    inside = group.memberships.values_list("person_id", flat=True)
    _give(mapping, sorted(inside), actor, now)
    return mapping


@transaction.atomic
def unmap_group(mapping_id: int, *, actor: User, now: datetime) -> None:
    """Let a group bring a team or a role no more, and take back what it gave."""
    mapping = GroupMapping.objects.select_for_update().get(pk=mapping_id)
    given = list(mapping.given.values_list("person_id", flat=True))
    _take(mapping, given, actor, now)
    named = _named(mapping)
    mapping.delete()
    publish(GroupUnmapped(**named), actor=actor, now=now)


def follow_members(
    group_id: int, *, added: Collection[int], removed: Collection[int], actor: User, now: datetime
) -> None:
    """Give and take what a group brings, to and from those who came and left."""
    mappings = GroupMapping.objects.filter(group=group_id).select_related("team", "role")
    for mapping in mappings.order_by("pk"):
        _give(mapping, added, actor, now)
        _take(mapping, removed, actor, now)


def _give(mapping: GroupMapping, ids: Collection[int], actor: User, now: datetime) -> None:
    """Give to those who do not have it, and remember to whom."""
    people = User.objects.filter(pk__in=ids).exclude(pk__in=_holders(mapping)).order_by("pk")
    for person in people if ids else ():
        if mapping.role is not None:
            services.grant_role(person, mapping.role, actor=actor, now=now)
        else:
            services.join_team(person, _team(mapping), actor=actor, now=now)
        Given.objects.create(tenant_id=mapping.tenant_id, mapping=mapping, person=person)


def _take(mapping: GroupMapping, ids: Collection[int], actor: User, now: datetime) -> None:
    """Take back what this mapping gave, unless another group brings the same."""
    rows = mapping.given.filter(person__in=ids).select_related("person").order_by("pk")
    for row in rows if ids else ():
        heir = _heir(mapping, row.person)
        if heir is not None:
            row.mapping = heir
            row.save(update_fields=["mapping"])
            continue
        row.delete()
        if mapping.role is not None:
            services.revoke_role(row.person, mapping.role, actor=actor, now=now)
        else:
            services.leave_team(row.person, _team(mapping), actor=actor, now=now)


def _heir(mapping: GroupMapping, person: User) -> GroupMapping | None:
    """Return another mapping by which the person has the same."""
    groups = GroupMembership.objects.filter(person=person).values("group")
    same = GroupMapping.objects.filter(team=mapping.team, role=mapping.role, group__in=groups)
    return same.exclude(pk=mapping.pk).order_by("pk").first()


def _holders(mapping: GroupMapping) -> Any:
    if mapping.role is not None:
        return RoleGrant.objects.filter(role=mapping.role).values("person")
    return _team(mapping).memberships.values("person")


def _team(mapping: GroupMapping) -> Team:
    assert mapping.team is not None  # noqa: S101 - a mapping without a role has one
    return mapping.team


def _named(mapping: GroupMapping) -> dict[str, Any]:
    return {
        "tenant_id": mapping.tenant_id,
        "mapping_id": mapping.pk,
        "group": mapping.group.name,
        "team": mapping.team.name if mapping.team else "",
        "role": mapping.role.name if mapping.role else "",
    }
