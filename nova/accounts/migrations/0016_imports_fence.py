"""Put the fence around imports, with authors of their own tenant only."""

from django.db import migrations

from nova.tenancy.operations import Fence, SameTenant


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("accounts", "0015_imports")]
    operations = [
        Fence("accounts_peopleimport"),
        SameTenant("accounts_peopleimport", "author_id", "accounts_user"),
    ]
