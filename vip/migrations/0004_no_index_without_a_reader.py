"""Drop the indexes of single columns that nobody reads, or that begin a longer one."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from nova.tenancy.operations import Unindex

UNREAD = [
    ("designation", "tenant"),
    ("designation", "person"),
    ("designation", "department"),
    ("designation", "site"),
    ("designation", "floor"),
    ("designation", "author"),
]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("vip", "0003_protect_targets")]
    operations = [
        AddIndexConcurrently(
            "designation", models.Index(fields=["tenant", "-created_at", "-id"], name="designation_list")
        ),
        *(Unindex(*column) for column in UNREAD),
    ]
