"""What is promised: policies, their versions, and the targets of each."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from nova.accounts.models import Team
from nova.tenancy.models import TenantOwned
from sla.choices import Metric, ReopenMode, SwitchMode, VersionStatus
from sla.matching import Conditions, conditions_of
from sla.models.calendars import Calendar
from tickets.choices import Status


def default_pauses() -> list[str]:
    return [Status.AWAITING_CUSTOMER, Status.AWAITING_DEPENDENCY]


class Policy(TenantOwned):
    """A promise of the catalogue, through its versions. The first in `order` that matches is it.

    `current` is the version that is published; without one, the policy promises nothing.
    """

    name = models.CharField(max_length=100)
    order = models.PositiveSmallIntegerField(default=100)
    current = models.ForeignKey(
        "PolicyVersion", models.PROTECT, null=True, editable=False, related_name="+"
    )

    class Meta:
        verbose_name_plural = _("policies")
        default_permissions = ()  # one permission per verb instead
        permissions = [
            ("view_clock", "Can see clocks and due times"),
            ("preview_clock", "Can calculate clocks"),
            ("manage_sla", "Can arrange calendars and policies"),
            ("view_reports", "Can see how well service levels were kept"),
        ]
        constraints = [UniqueConstraint(fields=["tenant", "name"], name="policy_name_unique")]

    def __str__(self) -> str:
        return self.name


class PolicyVersion(TenantOwned):
    """What a policy promises to which tickets. Once published, it never changes.

    `conditions` are, by property of a ticket (`sla.matching.PROPERTIES`), the values of which it
    must have one: {} is for every ticket. A policy has one draft and one published version at
    the most.
    """

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    status = models.CharField(
        max_length=10, choices=VersionStatus, default=VersionStatus.DRAFT, editable=False
    )
    conditions = models.JSONField(default=dict)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    written_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()  # one permission per verb instead
        constraints = [
            UniqueConstraint(fields=["policy", "number"], name="policy_version_unique"),
            UniqueConstraint(
                fields=["policy"],
                condition=Q(status=VersionStatus.DRAFT),
                name="policy_draft_once",
            ),
            UniqueConstraint(
                fields=["policy"],
                condition=Q(status=VersionStatus.PUBLISHED),
                name="policy_published_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy} v{self.number}"

    @property
    def matched(self) -> Conditions:
        return conditions_of(self.conditions)


class Target(TenantOwned):
    """How long a version gives for one metric, in open time of a calendar.

    An OLA is a team's; without `team` it is for every team that has none of its own. `pause_on`
    are the stages in which nobody is late. `on_change` says what becomes of the time already
    counted when a ticket comes to this target from another.
    """

    version = models.ForeignKey(
        PolicyVersion, models.CASCADE, related_name="targets", db_index=False
    )
    metric = models.CharField(max_length=20, choices=Metric)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    seconds = models.PositiveIntegerField(help_text=_("Open time, in seconds"))
    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="+")
    pause_on = ArrayField(models.CharField(max_length=20), default=default_pauses, blank=True)
    reopen = models.CharField(max_length=20, choices=ReopenMode, default=ReopenMode.CONTINUE)
    on_change = models.CharField(max_length=20, choices=SwitchMode, default=SwitchMode.RETROACTIVE)

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["version", "metric", "team"],
                nulls_distinct=False,
                name="target_metric_unique",
            )
        ]

    def __str__(self) -> str:
        whose = f" ({self.team})" if self.team_id else ""
        return f"{self.version}: {self.get_metric_display()}{whose}"
