"""Let clocks know what they would say had no recalculation touched them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sla", "0010_versions_fence")]
    operations = [
        migrations.AddField(
            "clock", "is_recalculated", models.BooleanField(default=False, db_default=False)
        ),
        migrations.AddField("clock", "measured_due_at", models.DateTimeField(null=True)),
        migrations.AddField("clock", "measured_breached_at", models.DateTimeField(null=True)),
    ]
