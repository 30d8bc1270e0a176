"""What follows from whom a provider calls somebody's assistants: they may act for that person.

A provider's word is followed where it changes. So what people arrange themselves stays: whom they
appointed beside it, and whom they dismissed although the provider goes on to name them.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from nova.accounts.choices import PersonKind, ProxyScope, ProxySource
from nova.accounts.models import Proxy, User
from nova.accounts.services import appoint_proxy, dismiss_proxy

SCOPES = (ProxyScope.SUBMIT, ProxyScope.VIEW, ProxyScope.REPLY)
NAME = "assistants"


def assistants_of(person: User) -> set[int]:
    """Return the ids of those whom the provider calls the person's assistants."""
    said: Any = person.attributes.get(NAME, ())
    return {int(pk) for pk in said} - {person.pk}


def follow_assistants(
    person: User, before: Collection[int], *, actor: User, now: datetime
) -> None:
    """Appoint whom the provider names now and did not `before`, and dismiss whom no more."""
    named = assistants_of(person)
    _appoint(person, named.difference(before), actor, now)
    gone = Proxy.objects.standing(now).filter(
        person=person, proxy__in=set(before) - named, source=ProxySource.SCIM
    )
    for appointment_id in gone.order_by("pk").values_list("pk", flat=True):
        dismiss_proxy(appointment_id, actor=actor, now=now)


def restore_assistants(person: User, *, actor: User, now: datetime) -> None:
    """Appoint anew what ended when the person was deactivated, of both sides."""
    _appoint(person, assistants_of(person), actor, now)
    theirs = User.objects.provisioned().filter(
        tenant=person.tenant_id, **{f"attributes__{NAME}__contains": [str(person.pk)]}
    )
    for other in theirs.exclude(pk=person.pk).order_by("pk"):
        _appoint(other, [person.pk], actor, now)


def _appoint(person: User, ids: Iterable[int], actor: User, now: datetime) -> None:
    """Appoint those who may sign in. The others follow when they may."""
    may = User.objects.active().filter(kind=PersonKind.PERSON, pk__in=ids).order_by("pk")
    for assistant in may if person.is_active else ():
        acting: dict[str, Any] = {"actor": actor, "now": now, "source": ProxySource.SCIM}
        appoint_proxy(person, assistant, SCOPES, **acting)
