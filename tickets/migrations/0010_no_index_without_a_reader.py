"""Drop the indexes of single columns that nobody reads, or that begin a longer one."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from nova.tenancy.operations import Unindex

UNREAD = [
    ("attachment", "tenant"),
    ("attachment", "uploaded_by"),
    ("category", "tenant"),
    ("comment", "tenant"),
    ("comment", "ticket"),
    ("comment", "author"),
    ("comment", "on_behalf_of"),
    ("customfield", "tenant"),
    ("desksettings", "tenant"),
    ("importrun", "tenant"),
    ("original", "tenant"),
    ("original", "run"),
    ("savedview", "tenant"),
    ("savedview", "owner"),
    ("seen", "tenant"),
    ("seen", "ticket"),
    ("seen", "person"),
    ("stagevisit", "tenant"),
    ("stagevisit", "ticket"),
    ("tag", "tenant"),
    ("ticket", "requester"),
    ("ticket", "submitted_by"),
    ("ticket", "backup"),
    ("ticketnumber", "tenant"),
    ("tickettag", "tenant"),
    ("tickettag", "ticket"),
    ("timeentry", "tenant"),
    ("timeentry", "person"),
    ("watcher", "tenant"),
    ("watcher", "ticket"),
    ("watcher", "person"),
]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("tickets", "0009_lean_indexes")]
    operations = [
        AddIndexConcurrently(
            "savedview", models.Index(fields=["tenant", "name"], name="saved_view_list")
        ),
        *(Unindex(*column) for column in UNREAD),
    ]
