"""What happens as a clock runs out: the steps of a version, frozen with it."""

from datetime import time
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from nova.notifications.choices import Channel
from nova.notifications.models import SlackHook
from nova.tenancy.models import TenantOwned
from sla.choices import Metric, Reassign, StepHours, StepLevel, VersionStatus, Whom
from sla.matching import is_for_vips
from sla.models.catalogue import PolicyVersion
from sla.rules import Step
from sla.steps import DEFAULT, DEFAULT_FOR_VIPS, Escalation, VersionSteps

OVERRIDDEN = VersionSteps(DEFAULT_FOR_VIPS, is_for_vips=True)
# A chat hears of what it is set to hear of; a step may also post to one by name.
WAYS = [(way.value, way.label) for way in (Channel.IN_APP, Channel.EMAIL, Channel.SLACK)]
_KNOWN: dict[int, VersionSteps] = {}


def default_channels() -> list[str]:
    return [Channel.IN_APP, Channel.EMAIL]


class EscalationStep(TenantOwned):
    """What a version brings about at a share of a target, or a while before or after it.

    Each fires once for each clock and cycle at the most. Without `metric` it is for all that the
    requester was promised; without `vip_levels`, for all tickets. `offset_seconds` are working
    time of the clock's calendar unless `is_working_time` is off, and negative before the share.
    """

    version = models.ForeignKey(
        PolicyVersion, models.CASCADE, related_name="steps", db_index=False
    )
    metric = models.CharField(max_length=20, choices=Metric, blank=True)
    vip_levels = ArrayField(
        models.CharField(max_length=10, choices=StepLevel), default=list, blank=True
    )
    percent = models.PositiveSmallIntegerField(default=100)
    offset_seconds = models.IntegerField(default=0)
    is_working_time = models.BooleanField(default=True)
    tells = ArrayField(models.CharField(max_length=10, choices=Whom), default=list, blank=True)
    channels = ArrayField(
        models.CharField(max_length=10, choices=WAYS), default=default_channels, blank=True
    )
    hours = models.CharField(max_length=10, choices=StepHours, default=StepHours.WAKING)
    quiet_until = models.TimeField(default=time(7))
    reassign_to = models.CharField(max_length=10, choices=Reassign, blank=True)
    raises_priority = models.BooleanField(default=False)
    opens_review = models.BooleanField(default=False)
    posts_to = models.ForeignKey(
        SlackHook, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    calls = models.ForeignKey(
        SlackHook, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        default_permissions = ()  # one permission per verb instead
        permissions = [("escalate_ticket", "Can escalate tickets")]
        constraints = [
            UniqueConstraint(
                fields=[
                    *("version", "metric", "percent", "offset_seconds", "is_working_time"),
                    "vip_levels",
                ],
                name="step_moment_unique",
            ),
            CheckConstraint(condition=Q(percent__gte=1), name="step_has_a_share"),
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.percent} %"

    def escalation(self) -> Escalation:
        """Return the step, as the rules know it. Its key is its own wherever it is noted."""
        return Escalation(
            step=Step(f"s{self.pk}", self.percent, self.offset_seconds, self.is_working_time),
            metric=self.metric,
            vip_levels=tuple(self.vip_levels),
            tells=tuple(self.tells),
            channels=tuple(self.channels),
            hours=self.hours,
            quiet_until=self.quiet_until,
            reassign_to=self.reassign_to,
            raises_priority=self.raises_priority,
            opens_review=self.opens_review,
            posts_to=self.posts_to_id,
            calls=self.calls_id,
        )


def stated_by(escalation: Escalation) -> dict[str, Any]:
    """Return a step of the rules as a row states it."""
    step = escalation.step
    kept = ("metric", "hours", "quiet_until", "reassign_to", "raises_priority", "opens_review")
    return {
        "percent": step.percent,
        "offset_seconds": step.offset_seconds,
        "is_working_time": step.is_working_time,
        **{name: list(getattr(escalation, name)) for name in ("vip_levels", "tells", "channels")},
        **{name: getattr(escalation, name) for name in kept},
    }


def steps_by(version_id: int | None) -> VersionSteps:
    """Return the steps of a published version; each process reads it once.

    Without a version, a VIP override gave the terms: then the steps are those for VIPs.
    """
    if version_id is None:
        return OVERRIDDEN
    known = _KNOWN.get(version_id)
    if known is None:
        version = PolicyVersion.objects.prefetch_related("steps").get(pk=version_id)
        known = steps_of(version)
        if version.status != VersionStatus.DRAFT:
            _KNOWN[version_id] = known
    return known


def steps_of(version: PolicyVersion) -> VersionSteps:
    """Return the steps of a version: those that it states, or what Nova does by itself."""
    for_vips = is_for_vips(version.conditions)
    stated = tuple(step.escalation() for step in rows_of(version))
    return VersionSteps(stated or (DEFAULT_FOR_VIPS if for_vips else DEFAULT), for_vips)


def rows_of(version: Any) -> list[EscalationStep]:
    """Return what a version states, as it comes, as far as that can be said without a target."""
    return sorted(
        version.steps.all(), key=lambda step: (step.metric, step.percent, step.offset_seconds)
    )
