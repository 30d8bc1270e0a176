"""Put the fence around rules and reassessments, and let no row point beyond it."""

from django.db import migrations

from nova.tenancy.operations import Fence, SameTenant

TABLES = ["vip_viprule", "vip_vipsettings", "vip_reassessment"]
REFERENCES = [
    ("vip_designation", "group_id", "accounts_group"),
    ("vip_viprule", "author_id", "accounts_user"),
    ("vip_reassessment", "author_id", "accounts_user"),
    ("vip_reassessment", "designation_id", "vip_designation"),
    ("vip_reassessment", "rule_id", "vip_viprule"),
]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("vip", "0007_rules")]
    operations = [
        *(Fence(table) for table in TABLES),
        *(SameTenant(*reference) for reference in REFERENCES),
    ]
