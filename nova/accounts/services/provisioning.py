"""How an identity provider lets people come, changes what is known of them, and lets them go."""

from collections.abc import Collection, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from nova.accounts import rules
from nova.accounts.choices import RoleKey
from nova.accounts.events import PersonDeparted
from nova.accounts.models import GroupMembership, Role, RoleGrant, User
from nova.accounts.services.groups import change_members
from nova.accounts.services.keys import revoke_api_key
from nova.accounts.services.people import (
    add_person,
    added,
    change_person,
    deactivate_person,
    note_change,
)
from nova.accounts.services.taken import Taken, refuse_taken
from nova.errors import Refused
from nova.events.bus import publish

FORGOTTEN = ("password", "user_name", "external_id", "attributes")


@transaction.atomic
def provision_person(email: str, name: str, *, actor: User, now: datetime, **fields: Any) -> User:
    """Let a person come with the role of a requester, or come back who had departed.

    They have no password. Raises `Taken` when e-mail, user name or external id is another's.
    """
    roles = Role.objects.filter(tenant=actor.tenant_id, key=RoleKey.REQUESTER)
    departed = User.objects.select_for_update().exclude(departed_at=None)
    back = departed.filter(tenant=actor.tenant_id, email=email.lower()).first()
    _refuse_named(back, {"email": email, **fields})
    with refuse_taken():
        if back is None:
            return add_person(email, name, roles=roles, actor=actor, now=now, **fields)
        return _take_back(back, {"is_active": True, "name": name, **fields}, roles, actor, now)


@transaction.atomic
def reprovision_person(
    person_id: int, fields: Mapping[str, Any], *, actor: User, now: datetime
) -> User:
    """Change what the provider says of a person. What it says already changes nothing.

    Raises `Taken` when a value is another's, and `Refused` for a new e-mail of somebody who may
    do more than the actor: whoever can change it can become them.
    """
    person = User.objects.select_for_update(no_key=True).get(pk=person_id)
    if fields.get("email", person.email) != person.email and not _is_as_strong(actor, person):
        raise Refused(_("%(person)s may do more than you.") % {"person": person})
    _refuse_named(person, fields)
    with refuse_taken():
        return change_person(person, fields, actor=actor, now=now)


@transaction.atomic
def depart_person(person_id: int, *, actor: User, now: datetime) -> None:
    """Let a person go for good: inactive, in no group, without roles, keys and password.

    What they did stays theirs, so the row stays, unseen by the provider from now on.
    """
    leave_groups([person_id], actor=actor, now=now)
    let_go(person_id, actor=actor, now=now)


@transaction.atomic
def leave_groups(people: Collection[int], *, actor: User, now: datetime) -> None:
    """Take people out of all groups that they are in, each group once."""
    theirs = GroupMembership.objects.filter(person__in=people).order_by("group", "person")
    for group_id, rows in groupby(theirs.values_list("group", "person"), lambda row: row[0]):
        change_members(group_id, remove=[pk for _group, pk in rows], actor=actor, now=now)


@transaction.atomic
def let_go(person_id: int, *, actor: User, now: datetime) -> None:
    """Let a person go as `depart_person` does, but for the groups, which many leave at once."""
    person = User.objects.select_for_update(no_key=True).get(pk=person_id)
    if person.is_active:
        person = deactivate_person(person_id, actor=actor, now=now)
    for key_id in person.api_keys.filter(revoked_at=None).values_list("pk", flat=True):
        revoke_api_key(key_id, actor=actor, now=now)
    roles = sorted(person.roles.values_list("name", flat=True))
    person.grants.all().delete()
    person.set_unusable_password()
    person.user_name = person.external_id = None
    person.attributes, person.departed_at = {}, now
    note_change(person, [*FORGOTTEN, "departed_at"], now)
    event = PersonDeparted(tenant_id=person.tenant_id, person_id=person.pk, roles=roles)
    publish(event, actor=actor, now=now)


def _is_as_strong(actor: User, person: User) -> bool:
    """Compare what the roles of both allow; the scopes of the actor's key say nothing of that."""
    return rules.may_manage(actor.granted_permissions(), person.granted_permissions())


def _take_back(
    person: User, fields: Mapping[str, Any], roles: Any, actor: User, now: datetime
) -> User:
    for name, value in fields.items():
        setattr(person, name, value)
    person.departed_at = None
    note_change(person, [*fields, "departed_at"], now)
    RoleGrant.objects.bulk_create(
        RoleGrant(tenant_id=person.tenant_id, person=person, role=role) for role in roles
    )
    publish(added(person, roles), actor=actor, now=now)
    return person


def _refuse_named(person: User | None, fields: Mapping[str, Any]) -> None:
    """Raise `Taken` when another is called so: one by the user name, the other by the e-mail."""
    name = fields.get("user_name") or fields.get("email")
    others = User.objects.provisioned()
    if person is not None:
        others = others.exclude(pk=person.pk)
    if name and others.named(name).exists():
        raise Taken(_("This name or address is taken already."))
