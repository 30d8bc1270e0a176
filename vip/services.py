"""Designating VIPs, and keeping people and open tickets in step with it."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from nova.accounts.models import User
from nova.errors import Refused
from nova.events.bus import publish
from tickets import rules as queue
from tickets import services as tickets
from tickets.choices import VipSource
from tickets.models import Ticket
from vip.events import VipDesignated, VipLevelChanged, VipRevoked
from vip.intake import counts_in
from vip.models import Designation
from vip.reading import standing_of

Target = dict[str, int]


@transaction.atomic
def designate_vip(
    target: Target,
    level: str,
    *,
    reason: str,
    actor: User,
    now: datetime,
    source: str = VipSource.MANUAL,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> Designation:
    """Make a person, department, site or floor a VIP. `target` is such as {"person_id": 7}.

    People and their open tickets follow after the commit, or at the start if that is later.
    """
    designation = Designation.objects.create(
        **target,
        tenant_id=actor.tenant_id,
        level=level,
        source=source,
        reason=reason,
        author=actor,
        starts_at=starts_at or now,
        ends_at=ends_at,
        created_at=now,
    )
    event = VipDesignated(**_named(designation), source=source, reason=reason)
    publish(event, actor=actor, now=now)
    return designation


@transaction.atomic
def revoke_vip(designation_id: int, *, reason: str, actor: User, now: datetime) -> Designation:
    """End a designation now. Its row stays, because the audit needs it."""
    designation = Designation.objects.select_for_update().get(pk=designation_id)
    if designation.revoked_at:
        raise Refused(_("This designation was revoked before."))
    designation.revoked_at = now
    designation.save(update_fields=["revoked_at"])
    publish(VipRevoked(**_named(designation), reason=reason), actor=actor, now=now)
    return designation


def apply_due(tenant_id: int, *, actor: User, now: datetime, limit: int = 50) -> int:
    """Bring people in step with designations that began or ended; return how many there were."""
    turned = (
        Q(applied_at=None, starts_at__lte=now)
        | Q(revoked_at__lte=now, applied_at__lt=F("revoked_at"))
        | Q(ends_at__lte=now, applied_at__lt=F("ends_at"))
    )
    due = list(Designation.objects.filter(turned, tenant_id=tenant_id)[:limit])
    for designation in due:
        apply_designation(designation, actor=actor, now=now)
    return len(due)


@transaction.atomic
def apply_designation(designation: Designation, *, actor: User, now: datetime) -> None:
    """Give everybody whom a designation covers the level that they have now."""
    for person in people_covered(designation).iterator(chunk_size=500):
        reassess(person, actor=actor, now=now)
    designation.applied_at = now
    designation.save(update_fields=["applied_at"])


def people_covered(designation: Designation) -> QuerySet[User]:
    """Return whom a designation is about, in force or not."""
    kind = designation.target_kind
    if kind == "person":
        return User.objects.filter(pk=designation.person_id)
    return User.objects.filter(**{f"{kind}_id": getattr(designation, f"{kind}_id")})


@transaction.atomic
def reassess(person: User, *, actor: User, now: datetime) -> None:
    """Set a person's effective level, and with it their open tickets. No change, no event."""
    standing = standing_of(person, at=now)
    reasons = list(standing.reasons)
    if standing.level != person.vip_level:
        User.objects.filter(pk=person.pk).update(vip_level=standing.level)
        event = VipLevelChanged(
            tenant_id=person.tenant_id,
            person_id=person.pk,
            before=person.vip_level,
            after=standing.level,
            reasons=reasons,
        )
        publish(event, actor=actor, now=now)
    for ticket in Ticket.objects.unresolved().filter(requester=person):
        if (ticket.vip_level, ticket.vip_reasons) != (standing.level, reasons):
            counts = counts_in(ticket.tenant_id, ticket.module)
            points = queue.VIP_POINTS.get(standing.level, 0) if counts else 0
            tickets.set_vip(
                ticket.pk, standing.level, standing.source, reasons, points, actor=actor, now=now
            )


def _named(designation: Designation) -> dict[str, object]:
    kind = designation.target_kind
    return {
        "tenant_id": designation.tenant_id,
        "designation_id": designation.pk,
        "target_kind": kind,
        "target_id": getattr(designation, f"{kind}_id"),
        "level": designation.level,
    }
