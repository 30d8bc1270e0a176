"""Let no row point at a row of another tenant."""

from django.db import migrations

from nova.tenancy.operations import SameTenant

REFERENCES = [
    ("api_idempotentanswer", "person_id", "accounts_user"),
]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("api", "0003_no_index_without_a_reader"),
        ("accounts", "0005_rows_point_within_their_tenant"),
    ]
    operations = [SameTenant(*reference) for reference in REFERENCES]
