"""When desks are open: calendars, their versions, and the feeds that bring holidays."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Prefetch, Q, UniqueConstraint

from nova.hours import WorkingHours
from nova.tenancy.models import TenantOwned
from sla.calendars import hours_from_json
from sla.choices import VersionStatus
from sla.reading import hours_of, known_hours
from sla.written import Written


class CalendarQuerySet(models.QuerySet["Calendar"]):
    """How Nova asks for calendars."""

    def in_force(self) -> Self:
        """Keep those that a policy may count by: what was never published has no hours."""
        return self.exclude(current=None)

    def for_list(self) -> Self:
        """Equip for lists: the hours in force, the draft that waits and the feed."""
        drafts = CalendarVersion.objects.filter(status=VersionStatus.DRAFT)
        waiting = Prefetch("versions", drafts, to_attr="drafts")
        return self.select_related("current", "feed").prefetch_related(waiting)


class Calendar(TenantOwned):
    """When a desk is open. Its hours are those of `current`; old clocks keep older versions.

    `told_until` is the last year of which admins were told that its holidays are missing.
    """

    name = models.CharField(max_length=100)
    current = models.ForeignKey(
        "CalendarVersion", models.PROTECT, null=True, editable=False, related_name="+"
    )
    told_until = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = CalendarQuerySet.as_manager()

    class Meta:
        constraints = [UniqueConstraint(fields=["tenant", "name"], name="calendar_name_unique")]

    def __str__(self) -> str:
        return self.name


class CalendarVersion(TenantOwned):
    """Hours of a calendar. Once published they never change: clocks refer to them.

    `definition` is what clocks read, with every day written out; `sources` is what it was made
    of (`sla.written`). A calendar has one draft and one published version at the most.
    """

    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    status = models.CharField(
        max_length=10, choices=VersionStatus, default=VersionStatus.DRAFT, editable=False
    )
    definition = models.JSONField()
    sources = models.JSONField(default=dict)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    written_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["calendar", "number"], name="calendar_version_unique"),
            UniqueConstraint(
                fields=["calendar"],
                condition=Q(status=VersionStatus.DRAFT),
                name="calendar_draft_once",
            ),
            UniqueConstraint(
                fields=["calendar"],
                condition=Q(status=VersionStatus.PUBLISHED),
                name="calendar_published_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.calendar} v{self.number}"

    @property
    def is_draft(self) -> bool:
        return self.status == VersionStatus.DRAFT

    @property
    def hours(self) -> WorkingHours:
        """Return the hours. A draft may change, so no process keeps what it read of one."""
        if self.is_draft:
            return hours_from_json(self.definition)
        return hours_of(self.pk, self.definition)

    @property
    def written(self) -> Written:
        return Written.of(self.definition, self.sources)


class CalendarFeed(TenantOwned):
    """An address from which a calendar's holidays come, and how it went the last time.

    The URL may be a secret, so it is kept sealed (`nova.accounts.sealing`). `next_fetch_at` is
    also the lease of the worker that is at it.
    """

    calendar = models.OneToOneField(Calendar, models.CASCADE, related_name="feed")
    sealed_url = models.TextField(editable=False)
    host = models.CharField(max_length=255)
    publishes_itself = models.BooleanField(default=False)
    fetched_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    next_fetch_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.host


def hours_by(version_id: int) -> WorkingHours:
    """Return the hours of a published version; each process reads it once."""
    return known_hours(version_id) or CalendarVersion.objects.get(pk=version_id).hours
