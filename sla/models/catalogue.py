"""What is promised: policies and their targets."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import UniqueConstraint
from django.utils.translation import gettext_lazy as _

from nova.tenancy.models import TenantOwned
from sla.choices import Metric, ReopenMode
from sla.models.calendars import Calendar
from tickets.choices import Status


def default_pauses() -> list[str]:
    return [Status.AWAITING_CUSTOMER, Status.AWAITING_DEPENDENCY]


class Policy(TenantOwned):
    """Which tickets get which targets. The first in `order` that matches is the one.

    An empty list matches everything.
    """

    name = models.CharField(max_length=100)
    order = models.PositiveSmallIntegerField(default=100)
    priorities = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    types = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    kinds = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    modules = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    vip_levels = ArrayField(
        models.CharField(max_length=10),
        default=list,
        blank=True,
        help_text=_("Empty: whether VIP or not"),
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = _("policies")
        default_permissions = ()  # one permission per verb instead
        permissions = [
            ("view_clock", "Can see clocks and due times"),
            ("preview_clock", "Can calculate clocks"),
            ("manage_sla", "Can arrange calendars and policies"),
        ]
        constraints = [UniqueConstraint(fields=["tenant", "name"], name="policy_name_unique")]

    def __str__(self) -> str:
        return self.name


class Target(TenantOwned):
    """How long a policy gives for one metric, in open time of a calendar."""

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="targets", db_index=False)
    metric = models.CharField(max_length=10, choices=Metric)
    seconds = models.PositiveIntegerField(help_text=_("Open time, in seconds"))
    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="+")
    pause_on = ArrayField(models.CharField(max_length=20), default=default_pauses, blank=True)
    reopen = models.CharField(max_length=20, choices=ReopenMode, default=ReopenMode.CONTINUE)

    class Meta:
        constraints = [UniqueConstraint(fields=["policy", "metric"], name="target_metric_unique")]

    def __str__(self) -> str:
        return f"{self.policy}: {self.get_metric_display()}"
