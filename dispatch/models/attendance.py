"""The organisation's own attendance service, and what it said last of each engineer."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from dispatch.attendance.rules import Said
from dispatch.models.engineers import Engineer
from nova.tenancy.models import TenantOwned

LONGEST_ADDRESS, LONGEST_REMARK = 500, 300


class AttendanceSource(TenantOwned):
    """Where a tenant's attendance service is, and how it went the last time.

    The token is kept sealed (`nova.accounts.sealing`). `answered_at` is the instant for which the
    newest answer was asked, `lost_at` when people were told that none comes. `next_ask_at` is also
    the lease of the worker that is at it.
    """

    address = models.URLField(_("address"), max_length=LONGEST_ADDRESS)
    sealed_token = models.TextField(editable=False)
    is_on = models.BooleanField(
        _("is asked"),
        default=True,
        help_text=_("Off, everybody is at work by their shifts in Nova alone"),
    )
    next_ask_at = models.DateTimeField(editable=False)
    answered_at = models.DateTimeField(_("last answer"), null=True, editable=False)
    failed_at = models.DateTimeField(_("last failure"), null=True, editable=False)
    last_error = models.TextField(_("last error"), blank=True, editable=False)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    lost_at = models.DateTimeField(null=True, editable=False)
    named = models.PositiveIntegerField(_("engineers named"), default=0, editable=False)
    strangers = models.PositiveIntegerField(_("others named"), default=0, editable=False)
    remarks = ArrayField(
        models.CharField(max_length=LONGEST_REMARK), default=list, blank=True, editable=False
    )

    class Meta:
        verbose_name = _("attendance service")
        verbose_name_plural = _("attendance service")
        default_permissions = ()
        permissions = [("manage_attendance", "Can arrange which attendance service is asked")]
        constraints = [UniqueConstraint(fields=["tenant"], name="attendance_source_once")]

    def __str__(self) -> str:
        return str(_("Attendance service"))


class AttendanceState(TenantOwned):
    """What the service said last of an engineer; who has none, it does not name.

    `until` is when somebody who is there leaves, `back_at` when somebody who is not comes, both
    None where it did not say. `said_at` is the instant for which it was asked.
    """

    engineer = models.OneToOneField(Engineer, models.CASCADE, related_name="attendance")
    # Indexed for each answer, which forgets whom it does not name.
    source = models.ForeignKey(AttendanceSource, models.CASCADE, related_name="states")
    on_duty = models.BooleanField(_("on duty"))
    since = models.DateTimeField(_("since"), null=True)
    until = models.DateTimeField(_("until"), null=True)
    back_at = models.DateTimeField(_("back"), null=True)
    said_at = models.DateTimeField(_("said"))

    class Meta:
        verbose_name = _("attendance of an engineer")
        verbose_name_plural = _("attendance of engineers")
        default_permissions = ()
        constraints = [
            CheckConstraint(
                name="attendance_state_of_one_kind",
                condition=Q(on_duty=True, back_at=None) | Q(on_duty=False, since=None, until=None),
            )
        ]

    def __str__(self) -> str:
        return str(self.engineer)

    @property
    def said(self) -> Said:
        return Said(self.on_duty, self.until, self.back_at, self.said_at)
