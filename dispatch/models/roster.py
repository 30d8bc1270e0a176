"""The roster: when engineers work by the week, and on which days otherwise."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dispatch.choices import ChangeKind, Weekday
from dispatch.models.engineers import Engineer
from nova.tenancy.models import TenantOwned


class Shift(TenantOwned):
    """Hours of a weekday, in the engineer's zone. One that ends first ends on the next day."""

    engineer = models.ForeignKey(Engineer, models.CASCADE, related_name="shifts", db_index=False)
    weekday = models.PositiveSmallIntegerField(choices=Weekday)
    opens = models.TimeField(_("from"))
    closes = models.TimeField(_("to"))

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["engineer", "weekday", "opens"], name="shift_once")
        ]
        ordering = ("weekday", "opens")

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}-{self.closes:%H:%M}"


class RosterChange(TenantOwned):
    """Days on which an engineer works otherwise than by the week: not at all, or other hours."""

    engineer = models.ForeignKey(Engineer, models.CASCADE, related_name="changes", db_index=False)
    kind = models.CharField(max_length=10, choices=ChangeKind, default=ChangeKind.LEAVE)
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    opens = models.TimeField(_("from"), null=True, blank=True)
    closes = models.TimeField(_("to"), null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(last__gte=F("first")),
                name="roster_change_in_order",
                violation_error_message=_("The last day is before the first."),
            ),
            models.CheckConstraint(
                condition=Q(kind=ChangeKind.HOURS, opens__isnull=False, closes__gt=F("opens"))
                | (~Q(kind=ChangeKind.HOURS) & Q(opens=None, closes=None)),
                name="roster_change_has_hours",
                violation_error_message=_("Other hours have a beginning and a later end."),
            ),
        ]
        indexes = [models.Index(fields=["engineer", "first"], name="roster_change_by_day")]
        ordering = ("first", "pk")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.first} - {self.last}"
