"""Designating VIPs, and revoking it."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from nova.accounts.models import Group, User
from nova.errors import Refused
from nova.events.bus import publish, publish_all
from nova.text import is_blank
from tickets.choices import VipSource
from vip.choices import DesignationState
from vip.events import VipConfirmed, VipDesignated, VipEnding, VipRevoked
from vip.models import Designation
from vip.services.reassessments import bring_in_step

Target = dict[str, int]
FAR = timedelta(days=3653)
REMINDED = (7, 1)


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
    """Make a person, or those of a group, department, site or floor, VIPs.

    `target` is such as {"person_id": 7}.
    People and their open tickets follow after the commit, or at the start if that is later.
    Raises `Refused` without a reason, and for dates by which nobody would ever be a VIP.
    """
    _check_terms(reason, starts_at or now, ends_at, now)
    designation = Designation.objects.create(
        **target,
        group_name=_name_of_group(target),
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


def _name_of_group(target: Target) -> str:
    return Group.objects.get(pk=target["group_id"]).name if "group_id" in target else ""


def _designated(made: Designation) -> VipDesignated:
    return VipDesignated(**named(made), source=made.source, reason=made.reason)


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
    return revoke(designation, reason, actor=actor, now=now)


def revoke(designation: Designation, reason: str, *, actor: User, now: datetime) -> Designation:
    """End a locked designation, and tell of it."""
    designation.revoked_at = now
    designation.save(update_fields=["revoked_at"])
    publish(VipRevoked(**named(designation), reason=reason), actor=actor, now=now)
    return designation


@transaction.atomic
def confirm_vip(designation_id: int, *, actor: User, now: datetime) -> Designation:
    """Note that somebody has looked at a designation, and that it is still right."""
    designation = Designation.objects.select_for_update().get(pk=designation_id)
    if designation.state(now) in (DesignationState.REVOKED, DesignationState.ENDED):
        raise Refused(_("This designation is over."))
    designation.reviewed_at = now
    designation.save(update_fields=["reviewed_at"])
    publish(VipConfirmed(**named(designation)), actor=actor, now=now)
    return designation


@transaction.atomic
def remind_of_ends(tenant_id: int, *, actor: User, now: datetime) -> int:
    """Tell of designations that end within a week or a day, each once; return how many.

    What is shorter than such a span is not told of by it: its author has just written the end.
    """
    told = 0
    for days in sorted(REMINDED):  # who missed the week is told of the day alone
        span = timedelta(days=days)
        fresh = Q(reminded_days=None) | Q(reminded_days__gt=days)
        ending = Designation.objects.in_force(now).filter(
            fresh, tenant_id=tenant_id, ends_at__lte=now + span, starts_at__lt=F("ends_at") - span
        )
        held = list(ending.select_for_update(skip_locked=True).order_by("pk"))
        ids = [designation.pk for designation in held]
        Designation.objects.filter(pk__in=ids).update(reminded_days=days)
        events = [VipEnding(**named(designation), days=days) for designation in held]
        publish_all(events, actor=actor, now=now)
        told += len(held)
    return told


def apply_due(tenant_id: int, *, actor: User, now: datetime, limit: int = 50) -> int:
    """Bring people in step with designations that began or ended; return how many there were.

    One that is being applied elsewhere is left alone.
    """
    turned = (
        Q(applied_at=None, starts_at__lte=now)
        | Q(revoked_at__lte=now, applied_at__lt=F("revoked_at"))
        | Q(ends_at__lte=now, applied_at__lt=F("ends_at"))
    )
    found = Designation.objects.named().filter(turned, tenant_id=tenant_id)
    due = list(found.select_for_update(of=("self",), skip_locked=True)[:limit])
    for designation in due:
        apply_designation(designation, actor=actor, now=now)
    return len(due)


@transaction.atomic
def apply_designation(
    designation: Designation, *, actor: User, now: datetime, because: str = ""
) -> None:
    """Give everybody whom a designation covers the level that they have now.

    Whom it covers by the time of its start or end is settled here, and it is noted as applied:
    where they are many, a reassessment sees it through. Whoever comes or goes later is followed.
    """
    Designation.objects.select_for_update().get(pk=designation.pk)
    bring_in_step(
        people_covered(designation),
        actor=actor,
        now=now,
        because=because or _what_became_of(designation, now),
        designation_id=designation.pk,
    )
    designation.applied_at = now
    designation.save(update_fields=["applied_at"])


def people_covered(designation: Designation) -> QuerySet[User]:
    """Return whom a designation is about, in force or not."""
    kind, target = designation.target_kind, designation.target_id
    if target is None:
        return User.objects.none()
    if kind == "person":
        return User.objects.filter(pk=target)
    if kind == "group":
        return User.objects.filter(memberships__group=target)
    return User.objects.filter(**{f"{kind}_id": target})


@transaction.atomic
def end_lost_groups(tenant_id: int, *, actor: User, now: datetime) -> None:
    """Revoke what is about groups that are there no more. Nobody is covered by it already."""
    lost = Designation.objects.filter(tenant_id=tenant_id, group=None, revoked_at=None)
    for designation in lost.exclude(group_name="").select_for_update():
        if designation.ends_at is None or designation.ends_at > now:
            revoke(designation, _("The group was deleted."), actor=actor, now=now)


def _what_became_of(designation: Designation, now: datetime) -> str:
    words = {"target": designation.target, "reason": designation.reason}
    match designation.state(now):
        case DesignationState.REVOKED:
            return _("The designation of %(target)s was revoked (%(reason)s)") % words
        case DesignationState.ENDED:
            return _("The designation of %(target)s has ended (%(reason)s)") % words
    return _("%(target)s was designated: %(reason)s") % words


def named(designation: Designation) -> dict[str, Any]:
    """Return how events name a designation."""
    return {
        "tenant_id": designation.tenant_id,
        "designation_id": designation.pk,
        "target_kind": designation.target_kind,
        "target_id": designation.target_id,
        "level": designation.level,
    }
