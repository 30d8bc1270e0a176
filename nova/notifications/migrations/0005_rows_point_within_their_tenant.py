"""Let no row point at a row of another tenant."""

from django.db import migrations

from nova.tenancy.operations import SameTenant

REFERENCES = [
    ("notifications_delivery", "recipient_id", "accounts_user"),
    ("notifications_delivery", "hook_id", "notifications_slackhook"),
]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("notifications", "0004_plural_names"),
        ("accounts", "0005_rows_point_within_their_tenant"),
    ]
    operations = [SameTenant(*reference) for reference in REFERENCES]
