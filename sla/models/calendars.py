"""When desks are open: calendars and their versions."""

from django.conf import settings
from django.db import models
from django.db.models import UniqueConstraint

from nova.tenancy.models import TenantOwned
from sla.hours import WorkingHours
from sla.reading import hours_of, known_hours


class Calendar(TenantOwned):
    """When a desk is open. Its hours are those of `current`; old clocks keep older versions."""

    name = models.CharField(max_length=100)
    current = models.ForeignKey(
        "CalendarVersion", models.PROTECT, null=True, editable=False, related_name="+"
    )

    class Meta:
        constraints = [UniqueConstraint(fields=["tenant", "name"], name="calendar_name_unique")]

    def __str__(self) -> str:
        return self.name


class CalendarVersion(TenantOwned):
    """The hours of a calendar as they were once published. Never changed: clocks refer to it."""

    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    definition = models.JSONField()
    published_at = models.DateTimeField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            UniqueConstraint(fields=["calendar", "number"], name="calendar_version_unique")
        ]

    def __str__(self) -> str:
        return f"{self.calendar} v{self.number}"

    @property
    def hours(self) -> WorkingHours:
        return hours_of(self.pk, self.definition)


def hours_by(version_id: int) -> WorkingHours:
    """Return the hours of a published version; each process reads it once."""
    return known_hours(version_id) or CalendarVersion.objects.get(pk=version_id).hours
