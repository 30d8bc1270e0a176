"""Note on a message by which permission alone its reader may know of it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0009_hooks_by_level")]
    operations = [
        migrations.AddField(
            "delivery", "needs", models.CharField(blank=True, db_default="", max_length=100)
        ),
    ]
