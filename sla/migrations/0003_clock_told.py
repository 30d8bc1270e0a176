"""Remember on a clock which steps were announced, apart from those that it has passed."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sla", "0002_fence")]
    operations = [
        migrations.AddField(
            "clock",
            "told",
            django.contrib.postgres.fields.ArrayField(
                models.CharField(max_length=60), default=list
            ),
        ),
    ]
