"""Let no feed belong to a calendar of another tenant."""

from django.db import migrations

from nova.tenancy.operations import SameTenant


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("sla", "0016_published_calendars_stay")]
    operations = [SameTenant("sla_calendarfeed", "calendar_id", "sla_calendar")]
