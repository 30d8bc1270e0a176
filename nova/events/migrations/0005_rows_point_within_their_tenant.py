"""Let no row point at a row of another tenant."""

from django.db import migrations

from nova.tenancy.operations import SameTenant

REFERENCES = [
    ("events_eventrecord", "actor_id", "accounts_user"),
    ("events_eventrecord", "on_behalf_of_id", "accounts_user"),
]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("events", "0004_no_index_without_a_reader"),
        ("accounts", "0005_rows_point_within_their_tenant"),
    ]
    operations = [SameTenant(*reference) for reference in REFERENCES]
