"""Let hooks be workflows, which get signed JSON."""

import django.contrib.postgres.fields
from django.db import migrations, models

CHANNELS = [
    ("in_app", "In Nova"),
    ("email", "E-mail"),
    ("slack", "Slack"),
    ("workflow", "Workflow"),
]
FORMS = [("chat", "Chat (Slack-compatible)"), ("workflow", "Workflow (signed JSON)")]
KINDS = [
    ("news", "News"),
    ("vip", "VIP ticket"),
    ("risk", "Breach warning"),
    ("breach", "Breach"),
]


class Migration(migrations.Migration):
    dependencies = [("notifications", "0005_rows_point_within_their_tenant")]
    operations = [
        migrations.AddField(
            "slackhook", "form", models.CharField(max_length=10, choices=FORMS, default="chat")
        ),
        migrations.AddField(
            "slackhook",
            "sealed_secret",
            models.TextField(editable=False, blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AlterField(
            "slackhook",
            "kinds",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=10, choices=KINDS),
                default=list,
                blank=True,
            ),
        ),
        migrations.AlterField(
            "delivery", "channel", models.CharField(max_length=10, choices=CHANNELS)
        ),
    ]
