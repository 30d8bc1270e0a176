"""How people come, change and go, and what they are allowed."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from nova.accounts import rules
from nova.accounts.events import (
    PersonAdded,
    PersonDeactivated,
    PersonEdited,
    PersonReactivated,
    RoleGranted,
    RoleRevoked,
)
from nova.accounts.models import Role, RoleGrant, User
from nova.accounts.services.proxies import dismiss_all
from nova.errors import Refused
from nova.events.base import Change
from nova.events.bus import publish

# What nobody may lose altogether, or the tenant is locked out of its own Core.
MUST_BE_HELD = "accounts.manage_roles"
PROVISION = "accounts.provision_people"


@transaction.atomic
def add_person(
    email: str,
    name: str,
    *,
    roles: Iterable[Role] = (),
    actor: User,
    now: datetime,
    **fields: Any,
) -> User:
    """Add a person to the actor's tenant. They have no password until they choose one."""
    person = User.objects.create_user(
        email, name=name, tenant_id=actor.tenant_id, joined_at=now, changed_at=now, **fields
    )
    granted = list(roles)
    RoleGrant.objects.bulk_create(
        RoleGrant(tenant_id=person.tenant_id, person=person, role=role) for role in granted
    )
    publish(added(person, granted), actor=actor, now=now)
    return person


def added(person: User, roles: Iterable[Role]) -> PersonAdded:
    """Return the fact that a person came, with these roles."""
    return PersonAdded(
        tenant_id=person.tenant_id,
        person_id=person.pk,
        email=person.email,
        roles=[role.name for role in roles],
    )


@transaction.atomic
def edit_person(person_id: int, fields: Mapping[str, Any], *, actor: User, now: datetime) -> User:
    """Change what is known of a person. Raises `Refused` when they may do more than the actor."""
    person = _locked(person_id, actor)
    return change_person(person, fields, actor=actor, now=now)


@transaction.atomic
def edit_profile(*, name: str, phone: str, zone: str, actor: User, now: datetime) -> User:
    """Change what people may change of themselves."""
    person = User.objects.select_for_update().get(pk=actor.pk)
    fields = {"name": name, "phone": phone, "zone": zone}
    return change_person(person, fields, actor=actor, now=now)


@transaction.atomic
def set_absence(
    until: datetime | None, stands_in: User | None, *, actor: User, now: datetime
) -> User:
    """Say until when the actor is away and who stands in; None is that they are there."""
    person = User.objects.select_for_update().get(pk=actor.pk)
    fields = {"away_until": until, "stands_in": stands_in if until else None}
    return change_person(person, fields, actor=actor, now=now)


@transaction.atomic
def deactivate_person(person_id: int, *, actor: User, now: datetime) -> User:
    """Let a person in no more: their sessions, tokens and keys end with it.

    So does what they do for others, and others for them: it does not come back with them. An
    identity provider may do it to anybody, for those who leave must be kept out at once.
    """
    person = _locked(person_id, actor, who_may=PROVISION)
    if not person.is_active:
        raise Refused(_("%(person)s is not active already.") % {"person": person})
    if person == actor:
        raise Refused(_("Nobody deactivates themselves."))
    person.is_active = False
    note_change(person, ["is_active"], now)
    if MUST_BE_HELD in person.granted_permissions():
        require_role_manager()
    publish(
        PersonDeactivated(tenant_id=person.tenant_id, person_id=person.pk), actor=actor, now=now
    )
    dismiss_all(person, actor=actor, now=now)
    return person


@transaction.atomic
def reactivate_person(person_id: int, *, actor: User, now: datetime) -> User:
    """Let a person in again."""
    person = _locked(person_id, actor, who_may=PROVISION)
    if person.is_active:
        raise Refused(_("%(person)s is active already.") % {"person": person})
    person.is_active, person.departed_at = True, None
    note_change(person, ["is_active", "departed_at"], now)
    publish(
        PersonReactivated(tenant_id=person.tenant_id, person_id=person.pk), actor=actor, now=now
    )
    return person


@transaction.atomic
def grant_role(person: User, role: Role, *, actor: User, now: datetime) -> None:
    """Give a role to a person. To give it again changes nothing."""
    _grant, is_new = RoleGrant.objects.get_or_create(
        person=person, role=role, defaults={"tenant_id": role.tenant_id}
    )
    if is_new:
        event = RoleGranted(
            tenant_id=role.tenant_id, person_id=person.pk, role_id=role.pk, role=role.name
        )
        publish(event, actor=actor, now=now)


@transaction.atomic
def revoke_role(person: User, role: Role, *, actor: User, now: datetime) -> None:
    """Take a role from a person. Raises `Refused` when nobody could manage roles any more."""
    taken, _by_model = RoleGrant.objects.filter(person=person, role=role).delete()
    if taken:
        require_role_manager()
        event = RoleRevoked(
            tenant_id=role.tenant_id, person_id=person.pk, role_id=role.pk, role=role.name
        )
        publish(event, actor=actor, now=now)


def may_manage(actor: User, person: User) -> bool:
    """Say whether `actor` may change `person` at all."""
    return rules.may_manage(actor.permissions, person.granted_permissions())


def _locked(person_id: int, actor: User, who_may: str = "") -> User:
    person = User.objects.select_for_update(no_key=True).get(pk=person_id)
    if not actor.has_perm(who_may) and not may_manage(actor, person):
        raise Refused(_("%(person)s may do more than you.") % {"person": person})
    return person


def change_person(person: User, fields: Mapping[str, Any], *, actor: User, now: datetime) -> User:
    """Change columns of a locked person, and tell which. No change is no event."""
    names = [name for name, value in fields.items() if getattr(person, name) != value]
    if not names:
        return person
    changes = {name: (_plain(getattr(person, name)), _plain(fields[name])) for name in names}
    before, after = changes.pop("attributes", ({}, {}))
    for name in names:
        setattr(person, name, fields[name])
    note_change(person, names, now)
    event = PersonEdited(
        tenant_id=person.tenant_id,
        person_id=person.pk,
        changes=changes,
        attributes=_differences(before, after),
    )
    publish(event, actor=actor, now=now)
    return person


def note_change(person: User, names: Iterable[str], now: datetime) -> None:
    """Save columns of a locked person as their next version."""
    person.version += 1
    person.changed_at = now
    person.save(update_fields=[*names, "version", "changed_at"])


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Change]:
    names = sorted(before.keys() | after.keys())
    found = {name: (before.get(name), after.get(name)) for name in names}
    return {name: change for name, change in found.items() if change[0] != change[1]}


def _plain(value: Any) -> Any:
    if isinstance(value, models.Model):
        return value.pk
    return value.isoformat() if isinstance(value, datetime) else value


def require_role_manager() -> None:
    """Raises `Refused` when nobody is left who can manage roles.

    The roles are locked first: else two admins who leave at the same time each rely on the other.
    """
    held = Role.objects.filter(permissions__contains=[MUST_BE_HELD])
    list(held.select_for_update().order_by("pk"))
    if not User.objects.with_permission(MUST_BE_HELD).exists():
        raise Refused(_("Somebody must be left who can manage roles."))
