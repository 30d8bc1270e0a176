"""Put the fence around predictions."""

from django.db import migrations

from nova.tenancy.operations import Fence

TABLES = ["sla_predictionmodel", "sla_prediction", "sla_predictionsettings"]


class Migration(migrations.Migration):
    dependencies = [("sla", "0018_predictions")]
    operations = [Fence(table) for table in TABLES]
