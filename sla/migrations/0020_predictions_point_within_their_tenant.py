"""Let no prediction point at a ticket or a model of another tenant."""

from django.db import migrations

from nova.tenancy.operations import SameTenant

REFERENCES = [
    ("sla_prediction", "ticket_id", "tickets_ticket"),
    ("sla_prediction", "model_id", "sla_predictionmodel"),
]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("sla", "0019_predictions_fence")]
    operations = [SameTenant(*reference) for reference in REFERENCES]
