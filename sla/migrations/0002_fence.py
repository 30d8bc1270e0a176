"""Put the fence around every table of tenants' rows."""

from django.db import migrations

from nova.tenancy.operations import AppendOnly, Fence

TABLES = [
    "sla_calendar",
    "sla_calendarversion",
    "sla_policy",
    "sla_target",
    "sla_clock",
    "sla_ledgerentry",
]


class Migration(migrations.Migration):
    dependencies = [("sla", "0001_initial")]
    operations = [
        *(Fence(table) for table in TABLES),
        AppendOnly("sla_ledgerentry"),
        AppendOnly("sla_calendarversion"),
    ]
