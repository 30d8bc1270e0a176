"""Put the fence around versions and overrides, and let what was published never change."""

from django.db import migrations

from nova.tenancy.operations import Fence, FrozenOncePublished, FrozenWithVersion, SameTenant

LIFE = ("status", "published_at", "retired_at")
REFERENCES = [
    ("sla_policy", "current_id", "sla_policyversion"),
    ("sla_policyversion", "policy_id", "sla_policy"),
    ("sla_policyversion", "author_id", "accounts_user"),
    ("sla_target", "version_id", "sla_policyversion"),
    ("sla_target", "team_id", "accounts_team"),
    ("sla_clock", "policy_version_id", "sla_policyversion"),
    ("sla_clock", "team_id", "accounts_team"),
    ("sla_ledgerentry", "policy_version_id", "sla_policyversion"),
    ("sla_vipoverride", "author_id", "accounts_user"),
    ("sla_vipoverride", "person_id", "accounts_user"),
    ("sla_vipoverride", "department_id", "accounts_department"),
    ("sla_vipoverride", "team_id", "accounts_team"),
]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("sla", "0009_policies_without_targets")]
    operations = [
        Fence("sla_policyversion"),
        Fence("sla_vipoverride"),
        *(SameTenant(*reference) for reference in REFERENCES),
        FrozenOncePublished("sla_policyversion", LIFE),
        FrozenWithVersion("sla_target", "version_id", "sla_policyversion"),
    ]
