"""Drop the indexes of single columns that nobody reads, or that begin a longer one."""

from django.db import migrations

from nova.tenancy.operations import Unindex

UNREAD = [
    ("calendar", "tenant"),
    ("calendarversion", "tenant"),
    ("calendarversion", "calendar"),
    ("clock", "tenant"),
    ("clock", "ticket"),
    ("clock", "policy"),
    ("clock", "calendar_version"),
    ("ledgerentry", "tenant"),
    ("ledgerentry", "ticket"),
    ("ledgerentry", "calendar_version"),
    ("ledgerentry", "actor"),
    ("policy", "tenant"),
    ("target", "tenant"),
    ("target", "policy"),
]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("sla", "0003_clock_told")]
    operations = [
        *(Unindex(*column) for column in UNREAD),
    ]
