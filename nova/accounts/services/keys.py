"""How programs get their keys and lose them."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from nova.accounts import rules
from nova.accounts.choices import PersonKind
from nova.accounts.events import ApiKeyCreated, ApiKeyRevoked
from nova.accounts.models import ApiKey, User
from nova.accounts.services.people import may_manage
from nova.errors import Refused
from nova.events.bus import publish

MARK = "nova"


def digest_of(secret: str) -> str:
    """Return what is kept of a key's secret. It is long and random: no salt, no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def create_api_key(
    person: User,
    name: str,
    *,
    scopes: Iterable[str],
    expires_at: datetime | None,
    actor: User,
    now: datetime,
) -> tuple[ApiKey, str]:
    """Create a key that acts as `person`; return it and its text, which is never seen again.

    Raises `Refused` when the person may do more than the actor, or it would never be valid.
    """
    _check(person, expires_at, actor, now)
    secret = get_random_string(40)
    key = ApiKey.objects.create(
        tenant_id=person.tenant_id,
        person=person,
        name=name,
        prefix=get_random_string(8),
        digest=digest_of(secret),
        scopes=sorted(set(scopes)),
        created_by=actor,
        created_at=now,
        expires_at=expires_at,
    )
    publish(_created(key), actor=actor, now=now)
    return key, f"{MARK}_{key.tenant_id}_{key.prefix}_{secret}"


def _created(key: ApiKey) -> ApiKeyCreated:
    ends_at = key.expires_at.isoformat() if key.expires_at else None
    return ApiKeyCreated(**_named(key), scopes=key.scopes, expires_at=ends_at)


def _named(key: ApiKey) -> dict[str, Any]:
    """Return what every event of a key says of it."""
    return {
        "tenant_id": key.tenant_id,
        "person_id": key.person_id,
        "key_id": key.pk,
        "key": str(key),
    }


def _check(person: User, expires_at: datetime | None, actor: User, now: datetime) -> None:
    if not may_manage(actor, person):
        raise Refused(_("%(person)s may do more than you.") % {"person": person})
    if person.kind == PersonKind.SYSTEM or not person.is_active:
        raise Refused(_("%(person)s is nobody who signs in.") % {"person": person})
    if expires_at is not None and expires_at <= now:
        raise Refused(_("A key must expire in the future."))


@transaction.atomic
def revoke_api_key(key_id: int, *, actor: User, now: datetime) -> ApiKey:
    """End a key at once and for good. To revoke it again changes nothing."""
    key = ApiKey.objects.select_for_update().get(pk=key_id)
    if key.revoked_at is None:
        key.revoked_at = now
        key.save(update_fields=["revoked_at"])
        publish(ApiKeyRevoked(**_named(key)), actor=actor, now=now)
    return key


def note_use(key: ApiKey, *, now: datetime) -> None:
    """Write down that a key was used, at most once a minute.

    A request that finds the row locked leaves it to the one that has it: requests of one key
    must not queue up behind each other's transactions.
    """
    if rules.is_use_worth_noting(key.last_used_at, now):
        mine = ApiKey.objects.select_for_update(skip_locked=True).filter(pk=key.pk)
        ApiKey.objects.filter(pk__in=mine.values("pk")).update(last_used_at=now)
