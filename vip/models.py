"""Who is a VIP, by whose word, since when and why. Only `vip.services` writes it."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from nova.accounts.choices import VipLevel
from nova.accounts.models import Department, Floor, Site, User
from nova.tenancy.columns import columns_of
from nova.tenancy.models import TenantOwned
from tickets.choices import VipSource
from vip.choices import DesignationState

TARGETS = ("person", "department", "site", "floor")
HOLDING = """
    SELECT {columns} FROM vip_designation
    WHERE tenant_id = %(tenant)s AND (person_id = %(person)s OR department_id = %(department)s
            OR site_id = %(site)s OR floor_id = %(floor)s)
        AND starts_at <= %(at)s AND (ends_at IS NULL OR ends_at > %(at)s)
        AND (revoked_at IS NULL OR revoked_at > %(at)s)
    ORDER BY starts_at, id
"""


class DesignationQuerySet(models.QuerySet["Designation"]):
    """How Nova asks who is a VIP."""

    def in_force(self, at: datetime) -> Self:
        """Keep what holds at an instant: begun, neither ended nor revoked by then."""
        return self.filter(
            Q(ends_at=None) | Q(ends_at__gt=at),
            Q(revoked_at=None) | Q(revoked_at__gt=at),
            starts_at__lte=at,
        )

    def holding_for(self, person: User, at: datetime) -> list["Designation"]:
        """Return what covers a person at an instant: by name, department, site or floor.

        Every ticket that is opened asks, so the statement is not composed anew each time.
        """
        places = {name: getattr(person, f"{name}_id") for name in ("department", "site", "floor")}
        values = {"tenant": person.tenant_id, "person": person.pk, **places, "at": at}
        return list(self.raw(HOLDING.format(columns=columns_of(self.model)), values))


class Designation(TenantOwned):
    """That a person, or everybody of a department, site or floor, is a VIP of some level.

    It names exactly one target. Revoking keeps the row, because the audit needs it; for the same
    reason what is designated cannot be deleted.
    """

    person = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
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

    objects = DesignationQuerySet.as_manager()

    class Meta:
        default_permissions = ()  # one permission per verb instead
        permissions = [
            ("designate_vip", "Can designate and revoke VIPs"),
            ("manage_vip", "Can arrange how VIPs are treated"),
        ]
        constraints = [
            models.CheckConstraint(
                name="designation_has_one_target",
                condition=models.Q(
                    models.expressions.RawSQL(  # exactly one of the four
                        "num_nonnulls(person_id, department_id, site_id, floor_id) = 1",
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
        if self.ends_at and self.ends_at <= at:
            return DesignationState.ENDED
        if self.starts_at > at:
            return DesignationState.UPCOMING
        return DesignationState.ACTIVE

    @property
    def target_kind(self) -> str:
        return next(name for name in TARGETS if getattr(self, f"{name}_id"))

    @property
    def target(self) -> "User | Department | Site | Floor":
        """Return whom or what is designated."""
        found: User | Department | Site | Floor = getattr(self, self.target_kind)
        return found
