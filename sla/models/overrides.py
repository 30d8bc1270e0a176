"""What one person, or the people of one department or team, are promised beyond the policies."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q
from django.utils.translation import gettext_lazy as _

from nova.accounts.models import Department, Team
from nova.tenancy.models import TenantOwned

PERSON = settings.AUTH_USER_MODEL


class VipOverrideQuerySet(models.QuerySet["VipOverride"]):
    """How Nova asks for overrides."""

    def at(self, now: datetime) -> Self:
        """Keep those that hold at `now`."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=now), starts_at__lte=now)

    def concerning(self, person_id: int) -> Self:
        """Keep those for a person, or for a department or a team that they belong to."""
        return self.filter(
            Q(person=person_id)
            | Q(department__people=person_id)
            | Q(team__memberships__person=person_id)
        ).distinct()


class VipOverride(TenantOwned):
    """Targets for the tickets of chosen people while they are VIPs; the better one counts.

    `vip_sla_override` is, by metric, {"seconds": 300, "calendar": 7}: the seconds of open time,
    and the calendar if it is not the policy's (`sla.overriding.SCHEMA`). It is for exactly one of
    person, department and team. Clocks copy what it says when they start.
    """

    person = models.ForeignKey(PERSON, models.CASCADE, null=True, blank=True, related_name="+")
    department = models.ForeignKey(
        Department, models.CASCADE, null=True, blank=True, related_name="+"
    )
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="+")
    vip_sla_override = models.JSONField()
    reason = models.CharField(max_length=250)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    author = models.ForeignKey(
        PERSON, models.PROTECT, related_name="+", editable=False, db_index=False
    )

    objects = VipOverrideQuerySet.as_manager()

    class Meta:
        verbose_name = _("VIP override")
        default_permissions = ()  # one permission per verb instead
        permissions = [("override_sla", "Can promise VIPs more than policies do")]
        constraints = [
            CheckConstraint(
                name="override_is_for_one",
                condition=(
                    Q(person__isnull=False, department=None, team=None)
                    | Q(person=None, department__isnull=False, team=None)
                    | Q(person=None, department=None, team__isnull=False)
                ),
            )
        ]

    def __str__(self) -> str:
        return str(self.person or self.department or self.team)

    def holds(self, at: datetime) -> bool:
        """Say whether it has begun by an instant, and not ended."""
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)
