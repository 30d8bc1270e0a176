"""Find what was done in somebody's name: an index over the few events that bear one."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("events", "0005_rows_point_within_their_tenant")]
    operations = [
        AddIndexConcurrently(
            "eventrecord",
            models.Index(
                fields=["on_behalf_of", "-id"],
                condition=~Q(on_behalf_of=None),
                name="event_on_behalf",
            ),
        ),
    ]
