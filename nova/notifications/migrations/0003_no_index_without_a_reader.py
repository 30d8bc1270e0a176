"""Drop the indexes of single columns that nobody reads, or that begin a longer one."""

from django.db import migrations

from nova.tenancy.operations import Unindex

UNREAD = [
    ("delivery", "tenant"),
    ("delivery", "recipient"),
    ("delivery", "record"),
    ("slackhook", "tenant"),
]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("notifications", "0002_fence")]
    operations = [
        *(Unindex(*column) for column in UNREAD),
    ]
