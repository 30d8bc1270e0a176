"""Let an identity provider keep groups of the demo, and one of them bring a team."""

from datetime import datetime

from nova.accounts import services as accounts
from nova.accounts.choices import PersonKind, RoleKey
from nova.accounts.models import Role
from nova.demo.cast import ADMIN, Cast
from nova.scim import services as scim


def provision(cast: Cast, *, now: datetime) -> None:
    """Make the provider's account, its groups, and what an admin lets them bring."""
    if not cast.organisation.groups:
        return
    admin = cast.people[ADMIN]
    provider = accounts.add_person(
        f"identity-provider@{cast.organisation.domain}",
        "Identity provider",
        kind=PersonKind.SERVICE,
        roles=Role.objects.filter(tenant=cast.tenant, key=RoleKey.INTEGRATION),
        actor=admin,
        now=now,
    )
    for row in cast.organisation.groups:
        group = accounts.create_group(
            row.name, external_id=row.external_id, actor=provider, now=now
        )
        members = [cast.people[email].pk for email in row.members]
        accounts.change_members(group.pk, add=members, actor=provider, now=now)
        if row.team:
            scim.map_group(group, team=cast.teams[row.team], actor=admin, now=now)
