"""How somebody comes to act for another, and how that ends."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from nova.accounts import rules
from nova.accounts.choices import PersonKind, ProxySource
from nova.accounts.events import ProxyAppointed, ProxyDismissed
from nova.accounts.models import Proxy, User
from nova.errors import Refused
from nova.events.bus import publish

DEACTIVATED = "deactivated"


@transaction.atomic
def appoint_proxy(
    person: User,
    proxy: User,
    scopes: Iterable[str],
    *,
    actor: User,
    now: datetime,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    source: str = ProxySource.MANUAL,
    reason: str = "",
) -> Proxy:
    """Let `proxy` act for `person` in what `scopes` name, from now or `starts_at` on.

    To appoint with terms that stand already changes nothing: whoever provisions may say it again
    and again. Raises `Refused` for who cannot act for another, and where no time is left.
    """
    # One at a time for each person, or the same said twice at once would stand twice.
    held = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    wanted, begin = sorted(set(scopes)), starts_at or now
    _check(held, proxy, wanted, actor)
    _check_dates(begin, ends_at, now)
    standing = Proxy.objects.standing(now).filter(
        person=held, proxy=proxy, scopes=wanted, ends_at=ends_at, source=source
    )
    same = standing.filter(starts_at=begin) if starts_at else standing.filter(starts_at__lte=now)
    terms = {"starts_at": begin, "ends_at": ends_at, "source": source, "reason": reason}
    fresh = Proxy(
        tenant_id=held.tenant_id, person=held, proxy=proxy, scopes=wanted, author=actor, **terms
    )
    fresh.created_at = now
    return same.first() or _appointed(fresh, actor)


@transaction.atomic
def dismiss_proxy(appointment_id: int, *, actor: User, now: datetime, reason: str = "") -> Proxy:
    """Let somebody act for another no more. What is over already stays as it is."""
    appointment = Proxy.objects.select_for_update(of=["self"]).get(pk=appointment_id)
    if rules.is_standing(appointment.revoked_at, appointment.ends_at, now):
        _dismiss([appointment], actor=actor, now=now, reason=reason)
    return appointment


def dismiss_all(person: User, *, actor: User, now: datetime) -> None:
    """End all that a person does for others, and others for them: they were deactivated."""
    concerned = Proxy.objects.standing(now).filter(Q(person=person) | Q(proxy=person))
    held = concerned.select_for_update(of=["self"]).order_by("pk")
    _dismiss(list(held), actor=actor, now=now, reason=DEACTIVATED)


def _check(person: User, proxy: User, scopes: Sequence[str], actor: User) -> None:
    names = {"person": person, "proxy": proxy}
    if proxy.tenant_id != person.tenant_id or person.tenant_id != actor.tenant_id:
        raise Refused(_("There is no such person."))
    if proxy.pk == person.pk:
        raise Refused(_("Nobody acts for themselves as somebody else."))
    if not scopes:
        raise Refused(_("Say what %(proxy)s may do for %(person)s.") % names)
    for one in (person, proxy):
        if not one.is_active or one.kind != PersonKind.PERSON:
            raise Refused(_("%(person)s is nobody who signs in.") % {"person": one})


def _check_dates(starts_at: datetime, ends_at: datetime | None, now: datetime) -> None:
    if rules.ends_in_vain(starts_at, ends_at, now):
        raise Refused(_("It must end in the future, and after it starts."))


def _appointed(made: Proxy, actor: User) -> Proxy:
    made.save(force_insert=True)
    event = ProxyAppointed(
        **_named(made),
        scopes=made.scopes,
        starts_at=made.starts_at.isoformat(),
        ends_at=made.ends_at.isoformat() if made.ends_at else None,
        source=made.source,
        reason=made.reason,
    )
    publish(event, actor=actor, now=made.created_at)
    return made


def _dismiss(appointments: Iterable[Proxy], *, actor: User, now: datetime, reason: str) -> None:
    for appointment in appointments:
        appointment.revoked_at = now
        appointment.save(update_fields=["revoked_at"])
        event = ProxyDismissed(**_named(appointment), reason=reason)
        publish(event, actor=actor, now=now)


def _named(appointment: Proxy) -> dict[str, Any]:
    """Return what every event of an appointment says of it."""
    return {
        "tenant_id": appointment.tenant_id,
        "person_id": appointment.person_id,
        "proxy_id": appointment.proxy_id,
        "appointment_id": appointment.pk,
    }
