"""Designations: who is a VIP by somebody's word."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from nova.accounts.choices import VipLevel
from nova.accounts.models import Department, Floor, Group, Site, User
from nova.tenancy.models import TenantOwned
from tickets.choices import VipSource
from vip.choices import DesignationState

TARGETS = ("person", "group", "department", "site", "floor")
YEAR = timedelta(days=365)


def reviewed_before(at: datetime) -> Q:
    """Return what is true of that which nobody has made or confirmed in the year before."""
    return Q(reviewed_at__lte=at - YEAR) | Q(reviewed_at=None, created_at__lte=at - YEAR)


class DesignationQuerySet(models.QuerySet["Designation"]):
    """How Nova asks who is a VIP."""

    def in_force(self, at: datetime) -> Self:
        """Keep what holds at an instant: begun, neither ended nor revoked by then."""
        return self.filter(
            Q(ends_at=None) | Q(ends_at__gt=at),
            Q(revoked_at=None) | Q(revoked_at__gt=at),
            starts_at__lte=at,
        )

    def unreviewed(self, at: datetime) -> Self:
        """Keep what holds though nobody has confirmed it for a year."""
        return self.in_force(at).filter(reviewed_before(at))

    def named(self) -> Self:
        """Equip with all that names it: whom or what it is about, and whose word it is."""
        return self.select_related(
            "person", "group", "department", "site", "floor__site", "author"
        )


class Designation(TenantOwned):
    """That a person, or everybody of a group, department, site or floor, is a VIP of some level.

    It names exactly one target. Revoking keeps the row, because the audit needs it; for the same
    reason what is designated cannot be deleted. A group can: an identity provider asks nobody.
    Then `group_name` says which it was, and the designation has ended with it.
    """

    person = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    group = models.ForeignKey(
        Group, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    group_name = models.CharField(max_length=200, blank=True, db_default="", editable=False)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    site = models.ForeignKey(
        Site, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    floor = models.ForeignKey(
        Floor, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    level = models.CharField(max_length=10, choices=VipLevel)
    source = models.CharField(max_length=10, choices=VipSource, default=VipSource.MANUAL)
    reason = models.CharField(max_length=250)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)
    # When the people covered were last brought in step with the start or the end.
    applied_at = models.DateTimeField(null=True, editable=False)
    # When somebody last said that it is still right; at the start its author did.
    reviewed_at = models.DateTimeField(null=True, editable=False)
    # How many days before the end people were last reminded of it.
    reminded_days = models.PositiveSmallIntegerField(null=True, editable=False)

    objects = DesignationQuerySet.as_manager()

    class Meta:
        default_permissions = ()  # one permission per verb instead
        permissions = [
            ("designate_vip", "Can designate and revoke VIPs"),
            ("review_vip", "Can confirm that VIPs still are ones"),
            ("manage_vip", "Can arrange how VIPs are treated"),
            ("view_vip_reports", "Can read reports about VIPs"),
        ]
        constraints = [
            models.CheckConstraint(
                name="designation_has_one_target",
                condition=models.Q(
                    models.expressions.RawSQL(  # exactly one, a group by its name
                        "num_nonnulls(person_id, nullif(group_name, ''), department_id, "
                        "site_id, floor_id) = 1 AND (group_id IS NULL OR group_name <> '')",
                        [],
                        output_field=models.BooleanField(),
                    )
                ),
            ),
            models.CheckConstraint(
                name="designation_ends_after_start",
                condition=Q(ends_at=None) | Q(ends_at__gt=models.F("starts_at")),
            ),
        ]
        indexes = [
            # the list, and what begins or ends
            models.Index(fields=["tenant", "-created_at", "-id"], name="designation_list"),
            # whom to remind of an end, and what ends
            models.Index(
                fields=["tenant", "ends_at"],
                condition=Q(revoked_at=None, ends_at__isnull=False),
                name="designation_ending",
            ),
            # one for each way by which intake finds that a requester is a VIP
            *(
                models.Index(fields=[name], condition=~Q(**{name: None}), name=f"vip_by_{name}")
                for name in TARGETS
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()}: {self.target}"

    def state(self, at: datetime) -> DesignationState:
        """Return whether the designation holds at an instant."""
        if self.revoked_at and self.revoked_at <= at:
            return DesignationState.REVOKED
        if (self.ends_at and self.ends_at <= at) or self.is_of_lost_group:
            return DesignationState.ENDED
        if self.starts_at > at:
            return DesignationState.UPCOMING
        return DesignationState.ACTIVE

    @property
    def is_of_lost_group(self) -> bool:
        return bool(self.group_name) and self.group_id is None

    @property
    def target_kind(self) -> str:
        found = (name for name in TARGETS if getattr(self, f"{name}_id"))
        return next(found, "group")

    @property
    def target_id(self) -> int | None:
        """Return the id of whom or what is designated; None is a group that is gone."""
        pk: int | None = getattr(self, f"{self.target_kind}_id")
        return pk

    @property
    def target(self) -> "User | Group | Department | Site | Floor | str":
        """Return whom or what is designated; of a group that is gone, its name."""
        found: User | Group | Department | Site | Floor | None = getattr(self, self.target_kind)
        return found or self.group_name
