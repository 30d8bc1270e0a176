"""Put the fence around every table of tenants' rows."""

from django.db import migrations

from nova.tenancy.operations import AppendOnly, Fence

TABLES = [
    "events_eventrecord",
    "events_consumercursor",
    "events_parkedevent",
]


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]
    operations = [
        *(Fence(table) for table in TABLES),
        AppendOnly("events_eventrecord", ("sequence", "previous_hash", "hash")),
    ]
