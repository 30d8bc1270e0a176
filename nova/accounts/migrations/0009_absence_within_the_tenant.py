"""Let stand-ins, seniors and operations managers be of the same tenant only."""

from django.db import migrations

from nova.tenancy.operations import SameTenant

REFERENCES = [
    ("accounts_user", "stands_in_id"),
    ("accounts_team", "senior_id"),
    ("accounts_site", "operations_manager_id"),
]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("accounts", "0008_absence")]
    operations = [SameTenant(*reference, "accounts_user") for reference in REFERENCES]
