"""Put the fence around saved views."""

from django.db import migrations

from nova.tenancy.operations import Fence


class Migration(migrations.Migration):
    dependencies = [("tickets", "0004_saved_views")]
    operations = [Fence("tickets_savedview")]
