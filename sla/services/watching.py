"""Tell of calendars whose holidays end."""

from datetime import datetime

from django.db import transaction

from nova.accounts.models import User
from nova.events.bus import publish
from sla.coverage import missing_year
from sla.events import HolidaysEnded
from sla.models import Calendar


@transaction.atomic
def note_ended_holidays(tenant_id: int, *, actor: User, now: datetime) -> int:
    """Announce each calendar in force that misses a year's holidays; return how many there were.

    Once for each calendar and year, however often this is called.
    """
    calendars = Calendar.objects.in_force().filter(tenant=tenant_id).select_related("current")
    held = calendars.select_for_update(of=("self",)).order_by("pk")
    missing = [(calendar, _missing(calendar, now)) for calendar in held]
    news = [(calendar, year) for calendar, year in missing if year > calendar.told_until]
    for calendar, year in news:
        calendar.told_until = year
        calendar.save(update_fields=["told_until"])
        event = HolidaysEnded(
            tenant_id=tenant_id, calendar_id=calendar.pk, calendar=calendar.name, year=year
        )
        publish(event, actor=actor, now=now)
    return len(news)


def _missing(calendar: Calendar, now: datetime) -> int:
    version = calendar.current
    if version is None:
        return 0
    today = now.astimezone(version.hours.zone).date()
    return missing_year(version.definition.get("holidays", []), today) or 0
