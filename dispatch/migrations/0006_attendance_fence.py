"""Put the fence around attendance, and let its rows point within their tenant (decision 0032)."""

from django.db import migrations

from nova.tenancy.operations import Fence, SameTenant

STATE = "dispatch_attendancestate"


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("dispatch", "0005_attendance")]
    operations = [
        Fence("dispatch_attendancesource"),
        Fence(STATE),
        SameTenant(STATE, "engineer_id", "dispatch_engineer"),
        SameTenant(STATE, "source_id", "dispatch_attendancesource"),
    ]
