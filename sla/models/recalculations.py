"""Recalculations: what a change of terms does to clocks that run, first shown and then done."""

from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, Q, UniqueConstraint
from django.utils.translation import gettext as _

from nova.portions import Job
from nova.tenancy.models import TenantOwned
from sla.choices import (
    MOVING,
    STOPPED_EARLY,
    WORKING,
    LineKind,
    RecalculationScope,
    RecalculationStatus,
)
from sla.models.calendars import Calendar, CalendarVersion
from sla.models.catalogue import PolicyVersion
from sla.models.clocks import Clock

PERSON = settings.AUTH_USER_MODEL


class RecalculationQuerySet(models.QuerySet["Recalculation"]):
    """How Nova asks for recalculations."""

    def at_work(self) -> Self:
        return self.filter(status__in=WORKING)


class Recalculation(Job):
    """One batch that measures running clocks by what is promised now. Only `services` writes it.

    `catalogue` is what policies promised when it was begun: what was previewed is what is applied.
    `cursor` is the id of the last clock looked at, or of the last line applied. One that `undoes`
    another brings back the former terms.
    """

    scope = models.CharField(max_length=10, choices=RecalculationScope)
    policy_ids = ArrayField(models.BigIntegerField(), default=list)
    calendar = models.ForeignKey(
        Calendar, models.PROTECT, null=True, related_name="+", db_index=False
    )
    undoes = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="undone_by", db_index=False
    )
    reason = models.CharField(max_length=200)
    status = models.CharField(
        max_length=10, choices=RecalculationStatus, default=RecalculationStatus.PREVIEWING
    )
    author = models.ForeignKey(PERSON, models.PROTECT, related_name="+", db_index=False)
    applier = models.ForeignKey(
        PERSON, models.PROTECT, null=True, related_name="+", db_index=False
    )
    catalogue = models.TextField(blank=True)
    cursor = models.BigIntegerField(default=0)
    to_look_at = models.PositiveIntegerField(default=0)
    looked_at = models.PositiveIntegerField(default=0)
    to_apply = models.PositiveIntegerField(default=0)
    applied = models.PositiveIntegerField(default=0)

    objects = RecalculationQuerySet.as_manager()

    class Meta:
        default_permissions = ()  # one permission per verb instead
        permissions = [("recalculate_clocks", "Can recalculate running clocks")]
        constraints = [
            UniqueConstraint(
                fields=["tenant"],
                condition=Q(status=RecalculationStatus.APPLYING),
                name="recalculation_applies_alone",
            ),
            UniqueConstraint(
                fields=["undoes"],
                condition=Q(undoes__isnull=False),
                name="recalculation_undone_once",
            ),
        ]

    def __str__(self) -> str:
        return _("Recalculation %(number)s") % {"number": self.pk}

    @property
    def is_at_work(self) -> bool:
        return self.status in WORKING

    @property
    def may_begin(self) -> bool:
        """Whether it may be applied from its first line on."""
        return self.status == RecalculationStatus.PREVIEWED

    @property
    def may_go_on(self) -> bool:
        """Whether it stopped midway, and may be applied from there on."""
        return self.status in STOPPED_EARLY and self.to_apply > 0

    @property
    def may_cancel(self) -> bool:
        return self.status in {RecalculationStatus.PREVIEWED, *WORKING}

    def may_undo(self) -> bool:
        """Whether it did something that nothing has undone, and is no undoing itself. Asks."""
        is_done = self.status in {RecalculationStatus.APPLIED, *STOPPED_EARLY} and self.applied > 0
        return is_done and self.undoes_id is None and not self.undone_by.exists()

    @property
    def share(self) -> float:
        """Return how much of the present work is done, from 0 to 1."""
        is_applying = self.status == RecalculationStatus.APPLYING
        done, of = (
            (self.applied, self.to_apply) if is_applying else (self.looked_at, self.to_look_at)
        )
        return min(1.0, done / of) if of else 0.0


class RecalculationLineQuerySet(models.QuerySet["RecalculationLine"]):
    """How Nova asks for lines."""

    def counts(self) -> dict[str, int]:
        """Return by kind how many there are, and how many due times `move`."""
        return _counted(self.order_by().values_list("kind").annotate(count=Count("pk")))

    def counts_by_recalculation(self) -> dict[int, dict[str, int]]:
        """Return the same for each recalculation that has lines, by one statement."""
        kinds: dict[int, list[tuple[str, int]]] = {}
        counted = self.order_by().values_list("recalculation_id", "kind")
        for pk, *count in counted.annotate(count=Count("pk")):
            kinds.setdefault(pk, []).append((count[0], count[1]))
        return {pk: _counted(rows) for pk, rows in kinds.items()}

    def equipped(self) -> Self:
        """Equip for a list: the ticket, and what both terms are called."""
        return self.select_related(
            "clock__ticket",
            *(f"{side}_calendar_version__calendar" for side in ("before", "after")),
        ).order_by("pk")


def _counted(rows: Iterable[tuple[str, int]]) -> dict[str, int]:
    found = dict.fromkeys(LineKind.values, 0) | dict(rows)
    return {**found, "moved": sum(found[kind] for kind in MOVING)}


class RecalculationLine(TenantOwned):
    """What one recalculation does, or did, to one clock: at most one line each.

    `before` and `after` hold what else a clock copies from its policy, so that it can be undone:
    {"policy_id", "policy_name", "pause_on", "reopen"}.
    """

    recalculation = models.ForeignKey(
        Recalculation, models.CASCADE, related_name="lines", db_index=False
    )
    clock = models.ForeignKey(Clock, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=LineKind)
    before_due_at = models.DateTimeField(null=True)
    after_due_at = models.DateTimeField(null=True)
    before_breached_at = models.DateTimeField(null=True)
    after_breached_at = models.DateTimeField(null=True)
    before_seconds = models.PositiveIntegerField()
    after_seconds = models.PositiveIntegerField()
    before_calendar_version = models.ForeignKey(
        CalendarVersion, models.PROTECT, related_name="+", db_index=False
    )
    after_calendar_version = models.ForeignKey(
        CalendarVersion, models.PROTECT, related_name="+", db_index=False
    )
    before_policy_version = models.ForeignKey(
        PolicyVersion, models.PROTECT, null=True, related_name="+", db_index=False
    )
    after_policy_version = models.ForeignKey(
        PolicyVersion, models.PROTECT, null=True, related_name="+", db_index=False
    )
    before = models.JSONField()
    after = models.JSONField()
    applied_at = models.DateTimeField(null=True)

    objects = RecalculationLineQuerySet.as_manager()

    class Meta:
        default_permissions = ()  # one permission per verb instead
        constraints = [
            UniqueConstraint(fields=["recalculation", "clock"], name="recalculation_clock_once")
        ]
        indexes = [  # lists and exports, and each portion that is applied
            models.Index(fields=["recalculation", "id"], name="recalculation_lines"),
        ]

    def __str__(self) -> str:
        return f"{self.clock}: {self.get_kind_display()}"
