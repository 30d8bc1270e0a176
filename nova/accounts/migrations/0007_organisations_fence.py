"""Put the fence around organisations, and let people belong to those of their tenant only."""

from django.db import migrations

from nova.tenancy.operations import Fence, SameTenant


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("accounts", "0006_organisations")]
    operations = [
        Fence("accounts_organisation"),
        SameTenant("accounts_user", "organisation_id", "accounts_organisation"),
    ]
