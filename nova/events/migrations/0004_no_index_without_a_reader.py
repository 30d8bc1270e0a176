"""Drop the indexes of single columns that nobody reads, or that begin a longer one."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from nova.tenancy.operations import Unindex

UNREAD = [
    ("consumercursor", "tenant"),
    ("eventrecord", "tenant"),
    ("eventrecord", "actor"),
    ("eventrecord", "on_behalf_of"),
    ("parkedevent", "tenant"),
    ("parkedevent", "record"),
]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("events", "0003_history")]
    operations = [
        AddIndexConcurrently(
            "parkedevent", models.Index(fields=["tenant", "-parked_at"], name="parked_list")
        ),
        *(Unindex(*column) for column in UNREAD),
    ]
