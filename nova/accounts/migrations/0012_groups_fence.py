"""Put the fence around groups, with people of their own tenant in them only."""

from django.db import migrations

from nova.tenancy.operations import Fence, SameTenant


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("accounts", "0011_groups")]
    operations = [
        Fence("accounts_group"),
        Fence("accounts_groupmembership"),
        SameTenant("accounts_groupmembership", "group_id", "accounts_group"),
        SameTenant("accounts_groupmembership", "person_id", "accounts_user"),
    ]
