"""Drop the indexes of single columns that nobody reads, or that begin a longer one."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from nova.tenancy.operations import Unindex

UNREAD = [
    ("apikey", "tenant"),
    ("apikey", "created_by"),
    ("department", "tenant"),
    ("floor", "tenant"),
    ("floor", "site"),
    ("region", "tenant"),
    ("revokedtoken", "tenant"),
    ("role", "tenant"),
    ("rolegrant", "tenant"),
    ("rolegrant", "person"),
    ("secondfactor", "tenant"),
    ("service", "tenant"),
    ("site", "tenant"),
    ("team", "tenant"),
    ("teammembership", "tenant"),
    ("teammembership", "team"),
    ("user", "tenant"),
    ("user", "manager"),
]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("accounts", "0002_fence")]
    operations = [
        AddIndexConcurrently(
            "apikey", models.Index(fields=["tenant", "-created_at", "-id"], name="key_list")
        ),
        *(Unindex(*column) for column in UNREAD),
    ]
