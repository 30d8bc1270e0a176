"""The clocks of tickets and the ledger that is their truth."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, UniqueConstraint
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull
from django.utils.translation import gettext_lazy as _

from nova.accounts.models import Team
from nova.tenancy.models import TenantOwned
from sla.choices import ClockState, EntryKind, Metric
from sla.ledger import Cycle, Entry, Kind, State, Terms
from sla.models.calendars import CalendarVersion, hours_by
from sla.models.catalogue import Policy, PolicyVersion
from tickets.models import Ticket

# When a clock got its verdict, by either truth.
VERDICT_AT = Coalesce("ended_at", "breached_at", "measured_breached_at")


class ClockQuerySet(models.QuerySet["Clock"]):
    """How Nova asks for clocks."""

    def live(self) -> Self:
        return self.filter(state__in=[ClockState.RUNNING, ClockState.PAUSED])

    def due_for_action(self, now: datetime) -> Self:
        """Keep those with a warning or a breach before `now`, the latest first.

        What falls due now can still be told in time. Behind thousands that are overdue already,
        as after a recalculation, it could not.
        """
        return self.filter(next_action_at__lt=now).order_by("-next_action_at")


class Clock(TenantOwned):
    """One cycle of one target of one ticket: a projection of the ledger.

    Target, calendar and version are copied when it starts, so editing a policy never rewrites
    the past; without a version, a VIP override gave its terms. An OLA is the part of `team`. The
    fields from `counted_seconds` to `ended_at` are the snapshot by which the rules carry on
    without reading the ledger. `fired` are the steps that it has passed, `told` those that were
    announced, each for one target: no step is told twice for the same.
    """

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="clocks", db_index=False)
    metric = models.CharField(max_length=20, choices=Metric)
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+", db_index=False)
    number = models.PositiveSmallIntegerField(default=1)
    policy = models.ForeignKey(
        Policy, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    policy_version = models.ForeignKey(
        PolicyVersion, models.PROTECT, null=True, related_name="+", db_index=False
    )
    policy_name = models.CharField(max_length=150)
    target_seconds = models.PositiveIntegerField()
    calendar_version = models.ForeignKey(
        CalendarVersion, models.PROTECT, related_name="+", db_index=False
    )
    pause_on = ArrayField(models.CharField(max_length=20), default=list)
    reopen = models.CharField(max_length=20)

    state = models.CharField(max_length=10, choices=ClockState, default=ClockState.RUNNING)
    started_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    counted_seconds = models.PositiveIntegerField(default=0)
    running_since = models.DateTimeField(null=True)
    ran_until = models.DateTimeField(null=True)
    reached_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    due_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    next_action_at = models.DateTimeField(null=True)
    # What the clock would say, had no recalculation touched it: reports know both truths.
    is_recalculated = models.BooleanField(default=False, db_default=False)
    measured_due_at = models.DateTimeField(null=True)
    measured_breached_at = models.DateTimeField(null=True)
    fired = ArrayField(models.CharField(max_length=40), default=list)
    told = ArrayField(models.CharField(max_length=60), default=list)

    objects = ClockQuerySet.as_manager()

    class Meta:
        default_permissions = ()  # one permission per verb instead
        constraints = [
            UniqueConstraint(fields=["ticket", "metric", "number"], name="clock_cycle_unique"),
        ]
        indexes = [
            models.Index(  # the sweep reads nothing else
                fields=["tenant", "next_action_at"],
                condition=Q(next_action_at__isnull=False),
                name="clock_next_action",
            ),
            models.Index(  # reports of a period
                "tenant",
                "metric",
                VERDICT_AT,
                condition=Q(IsNull(VERDICT_AT, False)),
                name="clock_verdict_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_metric_display()} of ticket {self.ticket_id}"

    @property
    def terms(self) -> Terms:
        return Terms(self.target_seconds, hours_by(self.calendar_version_id))

    def cycle(self) -> Cycle:
        """Return the snapshot, as the rules know it."""
        return Cycle(
            number=self.number,
            terms=self.terms,
            state=State(self.state),
            started_at=self.started_at,
            changed_at=self.changed_at,
            counted_seconds=self.counted_seconds,
            running_since=self.running_since,
            ran_until=self.ran_until,
            reached_at=self.reached_at,
            ended_at=self.ended_at,
            breaches_noted=frozenset({self.breached_at} if self.breached_at else ()),
        )


class LedgerEntry(TenantOwned):
    """One fact about a ticket's clocks of one metric. Append-only, at the database too.

    `target_seconds`, `calendar_version` and, unless an override gave them, `policy_version` come
    where the terms were set or changed.
    """

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="+", db_index=False)
    metric = models.CharField(max_length=20, choices=Metric)
    at = models.DateTimeField()
    kind = models.CharField(max_length=20, choices=EntryKind)
    target_seconds = models.PositiveIntegerField(null=True)
    calendar_version = models.ForeignKey(
        CalendarVersion, models.PROTECT, null=True, related_name="+", db_index=False
    )
    policy_version = models.ForeignKey(
        PolicyVersion, models.PROTECT, null=True, related_name="+", db_index=False
    )
    mode = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=250, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = _("ledger entries")
        default_permissions = ()  # one permission per verb instead
        indexes = [  # the ledger of one target, as it was written
            models.Index(fields=["ticket", "metric", "id"], name="ledger_of_target"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at}"

    def entry(self) -> Entry:
        """Return the fact, as the rules know it."""
        return entry_of(
            self.at, self.kind, self.target_seconds, self.calendar_version_id, self.mode
        )


def entry_of(
    at: datetime, kind: str, target_seconds: int | None, version_id: int | None, mode: str
) -> Entry:
    """Return a row of the ledger, as the rules know it."""
    terms = Terms(target_seconds or 0, hours_by(version_id)) if version_id else None
    return Entry(at, Kind(kind), terms, mode)
