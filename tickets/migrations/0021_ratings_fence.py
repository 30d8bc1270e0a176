"""Put the fence around ratings."""

from django.db import migrations

from nova.tenancy.operations import Fence


class Migration(migrations.Migration):
    dependencies = [("tickets", "0020_ratings")]
    operations = [Fence("tickets_rating")]
