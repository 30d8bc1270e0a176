"""The verbs of devices on which people are told of alerts."""

import hashlib
from datetime import datetime

from cryptography.fernet import InvalidToken
from django.db import transaction
from django.utils.translation import gettext as _

from nova.accounts.models import User
from nova.accounts.sealing import seal, unseal
from nova.accounts.system import system_of
from nova.errors import Refused
from nova.events.bus import publish
from nova.notifications.events import DeviceAdded, DeviceRemoved, DeviceRenewed
from nova.notifications.models import PushKey, PushSubscription
from nova.notifications.webpush import as_given, made_keys

MOST_DEVICES = 10


def public_key(tenant_id: int, *, now: datetime) -> str:
    """Return the key to which a browser binds itself; it is made when first asked for.

    One that cannot be opened any more, since SECRET_KEY is another, is made anew.
    """
    held = PushKey.objects.filter(tenant_id=tenant_id).first()
    if held is not None and _is_readable(held):
        return held.public
    public, private = made_keys()
    fresh = {"public": public, "sealed_private": seal(private), "created_at": now}
    if held is not None:
        PushKey.objects.filter(pk=held.pk).update(**fresh)
        return public
    # Of two at once the first one's holds for both.
    return PushKey.objects.get_or_create(tenant_id=tenant_id, defaults=fresh)[0].public


def _is_readable(key: PushKey) -> bool:
    try:
        return bool(unseal(key.sealed_private))
    except InvalidToken:
        return False


@transaction.atomic
def add_device(
    person: User, *, endpoint: str, p256dh: str, auth: str, label: str, now: datetime
) -> PushSubscription:
    """Tell a person of alerts in a browser from now on.

    One that was somebody else's, or comes with new keys, is theirs and new. Raises `Refused`
    where they have as many as one may have.
    """
    # Two browsers at once are counted one after the other.
    User.objects.select_for_update().get(pk=person.pk)
    digest = _digest_of(endpoint)
    known = PushSubscription.objects.select_related("person").filter(
        tenant_id=person.tenant_id, digest=digest
    )
    for device in known.select_for_update(of=["self"]):
        _remove(device, because=_("It was registered anew."), actor=person, now=now)
    if PushSubscription.objects.filter(person=person).count() >= MOST_DEVICES:
        raise Refused(_("There are ten devices already: remove one that you use no more."))
    device = PushSubscription.objects.create(
        tenant_id=person.tenant_id,
        person=person,
        digest=digest,
        sealed=seal(as_given(endpoint, p256dh, auth)),
        label=label,
        created_at=now,
    )
    event = DeviceAdded(tenant_id=person.tenant_id, person_id=person.pk, device=label)
    publish(event, actor=person, now=now)
    return device


@transaction.atomic
def renew_device(
    device_id: int, *, endpoint: str, p256dh: str, auth: str, person: User, now: datetime
) -> None:
    """Tell a person's device at the new address that its push service gave it.

    It stays the same device, and what waits for it goes there. A second registration of theirs
    under that address goes. Raises `Refused` where the device is not theirs any more, and where
    the address is somebody else's.
    """
    User.objects.select_for_update().get(pk=person.pk)
    device = PushSubscription.objects.filter(pk=device_id, person=person).first()
    if device is None or not person.is_active:
        raise Refused(_("Alerts are not on in this browser any more."))
    digest = _digest_of(endpoint)
    known = PushSubscription.objects.filter(tenant_id=person.tenant_id, digest=digest)
    for other in known.exclude(pk=device.pk).select_for_update():
        if other.person_id != person.pk:
            raise Refused(_("This address is a device of somebody else."))
        _remove(other, because=_("It was registered anew."), actor=person, now=now)
    device.digest, device.sealed = digest, seal(as_given(endpoint, p256dh, auth))
    device.save(update_fields=["digest", "sealed"])
    event = DeviceRenewed(tenant_id=person.tenant_id, person_id=person.pk, device=device.label)
    publish(event, actor=person, now=now)


@transaction.atomic
def remove_device(device_id: int, *, because: str, actor: User, now: datetime) -> None:
    """Tell a browser of nothing any more. One that is gone already is left at that."""
    found = PushSubscription.objects.select_for_update().filter(pk=device_id).first()
    if found is not None:
        _remove(found, because=because, actor=actor, now=now)


def forget_device(device_id: int, *, because: str, now: datetime) -> None:
    """Remove a device that turned out to be gone."""
    device = PushSubscription.objects.filter(pk=device_id).first()
    if device is not None:
        actor = system_of(device.tenant_id)
        remove_device(device_id, because=because, actor=actor, now=now)


def _remove(device: PushSubscription, *, because: str, actor: User, now: datetime) -> None:
    event = DeviceRemoved(
        tenant_id=device.tenant_id,
        person_id=device.person_id,
        device=device.label,
        because=because,
    )
    device.delete()
    publish(event, actor=actor, now=now)


def _digest_of(endpoint: str) -> str:
    return hashlib.sha256(endpoint.encode()).hexdigest()
