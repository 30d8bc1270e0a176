"""Put the fence around the rows of imports, which point at people of their own tenant only."""

from django.db import migrations

from nova.tenancy.operations import Fence, SameTenant


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("accounts", "0018_import_lines")]
    operations = [
        Fence("accounts_peopleimportline"),
        SameTenant("accounts_peopleimportline", "batch_id", "accounts_peopleimport"),
        SameTenant("accounts_peopleimportline", "person_id", "accounts_user"),
        SameTenant("accounts_peopleimport", "actor_id", "accounts_user"),
    ]
