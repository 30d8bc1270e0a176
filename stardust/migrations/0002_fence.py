"""Put the fence around every table, and let the ledger only grow."""

from django.db import migrations

from nova.tenancy.operations import AppendOnly, Fence

TABLES = ["stardust_entry", "stardust_optout", "stardust_stardustsettings"]


class Migration(migrations.Migration):
    dependencies = [("stardust", "0001_ledger")]
    operations = [*(Fence(table) for table in TABLES), AppendOnly("stardust_entry")]
