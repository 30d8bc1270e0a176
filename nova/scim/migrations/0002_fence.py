"""Put the fence around what groups bring, within one tenant."""

from django.db import migrations

from nova.tenancy.operations import Fence, SameTenant

REFERENCES = [
    ("scim_groupmapping", "group_id", "accounts_group"),
    ("scim_groupmapping", "team_id", "accounts_team"),
    ("scim_groupmapping", "role_id", "accounts_role"),
    ("scim_given", "mapping_id", "scim_groupmapping"),
    ("scim_given", "person_id", "accounts_user"),
]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("scim", "0001_initial")]
    operations = [
        Fence("scim_groupmapping"),
        Fence("scim_given"),
        *(SameTenant(*reference) for reference in REFERENCES),
    ]
