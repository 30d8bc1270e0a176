"""Put the fence around every table of tenants' rows."""

from django.db import migrations

from nova.tenancy.operations import Fence

TABLES = [
    "vip_designation",
]


class Migration(migrations.Migration):
    dependencies = [("vip", "0001_initial")]
    operations = [
        *(Fence(table) for table in TABLES),
    ]
