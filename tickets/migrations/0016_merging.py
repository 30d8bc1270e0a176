"""Let a duplicate name the ticket that goes on in its place."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0015_room_for_updates")]
    operations = [
        migrations.AddField(
            "ticket",
            "merged_into",
            models.ForeignKey(
                "tickets.ticket",
                django.db.models.deletion.PROTECT,
                null=True,
                editable=False,
                related_name="+",
                db_index=False,
            ),
        ),
    ]
