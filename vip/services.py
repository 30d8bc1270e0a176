"""Designating VIPs, and keeping people and open tickets in step with it."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from nova.accounts.models import User
from nova.errors import Refused
from nova.events.bus import publish
from nova.text import is_blank
from tickets import services as tickets
from tickets.choices import ScorePart, VipSource
from tickets.models import Ticket
from vip.events import VipDesignated, VipLevelChanged, VipRevoked
from vip.intake import points_of
from vip.models import Designation
from vip.reading import standing_of
from vip.rules import Standing

Target = dict[str, int]
FAR = timedelta(days=3653)


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
    Raises `Refused` without a reason, and for dates by which nobody would ever be a VIP.
    """
    _check_terms(reason, starts_at or now, ends_at, now)
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
    publish(_designated(designation), actor=actor, now=now)
    return designation


def _designated(made: Designation) -> VipDesignated:
    return VipDesignated(**_named(made), source=made.source, reason=made.reason)


def _check_terms(
    reason: str, starts_at: datetime, ends_at: datetime | None, now: datetime
) -> None:
    if is_blank(reason):
        raise Refused(_("Say why."))
    if abs(starts_at - now) > FAR:
        raise Refused(_("It must start within ten years of today."))
    if ends_at and ends_at <= max(starts_at, now):
        raise Refused(_("It must end in the future, and after it starts."))


@transaction.atomic
def revoke_vip(designation_id: int, *, reason: str, actor: User, now: datetime) -> Designation:
    """End a designation now. Its row stays, because the audit needs it."""
    designation = Designation.objects.select_for_update().get(pk=designation_id)
    if designation.revoked_at:
        raise Refused(_("This designation was revoked before."))
    if designation.ends_at and designation.ends_at <= now:
        raise Refused(_("This designation has ended by itself."))
    if is_blank(reason):
        raise Refused(_("Say why."))
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
    held = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    standing = standing_of(held, at=now)
    if standing.level != held.vip_level:
        before, held.vip_level = held.vip_level, standing.level
        held.save(update_fields=["vip_level"])
        event = VipLevelChanged(
            tenant_id=held.tenant_id,
            person_id=held.pk,
            before=before,
            after=standing.level,
            reasons=list(standing.reasons),
        )
        publish(event, actor=actor, now=now)
    for ticket in Ticket.objects.unresolved().filter(requester=held):
        mark_ticket(ticket, standing, actor=actor, now=now)


def reassess_ticket(ticket: Ticket, *, actor: User, now: datetime) -> None:
    """Give one open ticket the level that its requester has now. No change, no event."""
    if ticket.is_open:
        mark_ticket(ticket, standing_of(ticket.requester, at=now), actor=actor, now=now)


def mark_ticket(ticket: Ticket, standing: Standing, *, actor: User, now: datetime) -> None:
    """Let a ticket bear a level, with the points of it where its module's switch is on."""
    reasons, level = list(standing.reasons), standing.level
    points = points_of(level, ticket.tenant_id, ticket.module)
    if (ticket.vip_level, ticket.vip_reasons) != (level, reasons):
        tickets.set_vip(ticket.pk, level, standing.source, reasons, points, actor=actor, now=now)
    else:
        reason = reasons[0] if reasons else ""
        tickets.set_score_part(ticket.pk, ScorePart.VIP, points, reason, actor=actor, now=now)


def apply_switches(tenant_id: int, *, actor: User, now: datetime) -> None:
    """Bring the places of open VIP tickets in step with the module switches."""
    marked = Ticket.objects.unresolved().filter(tenant_id=tenant_id).exclude(vip_level="")
    for ticket in marked:
        reasons = tuple(ticket.vip_reasons)
        standing = Standing(ticket.vip_level, ticket.vip_trigger_source, reasons)
        mark_ticket(ticket, standing, actor=actor, now=now)


def _named(designation: Designation) -> dict[str, Any]:
    kind = designation.target_kind
    return {
        "tenant_id": designation.tenant_id,
        "designation_id": designation.pk,
        "target_kind": kind,
        "target_id": getattr(designation, f"{kind}_id"),
        "level": designation.level,
    }
