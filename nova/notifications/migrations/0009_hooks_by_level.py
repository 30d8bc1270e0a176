"""Let a chat hear of the tickets of VIPs of some levels alone."""

import django.contrib.postgres.fields
from django.db import migrations, models

LEVELS = [("exec", "Exec"), ("gold", "Gold"), ("priority", "Priority")]


class Migration(migrations.Migration):
    dependencies = [("notifications", "0008_devices_fence")]
    operations = [
        migrations.AddField(
            "slackhook",
            "levels",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=10, choices=LEVELS),
                blank=True,
                db_default=[],
                default=list,
            ),
        ),
    ]
