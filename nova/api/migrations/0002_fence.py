"""Put the fence around every table of tenants' rows."""

from django.db import migrations

from nova.tenancy.operations import Fence


class Migration(migrations.Migration):
    dependencies = [("api", "0001_initial")]
    operations = [Fence("api_idempotentanswer")]
