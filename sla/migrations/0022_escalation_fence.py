"""Put the fence around steps, and let those of a published version never change."""

from django.db import migrations

from nova.tenancy.operations import Fence, FrozenWithVersion, SameTenant

TABLE = "sla_escalationstep"
REFERENCES = [
    ("version_id", "sla_policyversion"),
    ("posts_to_id", "notifications_slackhook"),
    ("calls_id", "notifications_slackhook"),
]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("sla", "0021_escalation_steps")]
    operations = [
        Fence(TABLE),
        *(SameTenant(TABLE, *reference) for reference in REFERENCES),
        FrozenWithVersion(TABLE, "version_id", "sla_policyversion"),
    ]
