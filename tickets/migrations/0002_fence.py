"""Put the fence around every table of tenants' rows."""

from django.db import migrations

from nova.tenancy.operations import Fence

TABLES = [
    "tickets_category",
    "tickets_tag",
    "tickets_customfield",
    "tickets_desksettings",
    "tickets_ticket",
    "tickets_ticketnumber",
    "tickets_stagevisit",
    "tickets_tickettag",
    "tickets_watcher",
    "tickets_comment",
    "tickets_attachment",
    "tickets_timeentry",
]


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_initial")]
    operations = [
        *(Fence(table) for table in TABLES),
    ]
