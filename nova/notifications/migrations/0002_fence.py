"""Put the fence around every table of tenants' rows."""

from django.db import migrations

from nova.tenancy.operations import Fence

TABLES = ["notifications_slackhook", "notifications_delivery"]


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]
    operations = [Fence(table) for table in TABLES]
