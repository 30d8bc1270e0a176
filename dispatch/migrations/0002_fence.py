"""Put the fence around every table, and let decisions and versions of the policy only grow."""

from django.db import migrations

from nova.tenancy.operations import AppendOnly, Fence

TABLES = [
    "assignmentpolicy",
    "balancerun",
    "certificate",
    "certificateneed",
    "decision",
    "engineer",
    "engineercertificate",
    "engineersite",
    "engineerskill",
    "override",
    "performance",
    "rosterchange",
    "routingmodel",
    "shift",
    "skill",
    "skillneed",
]
ONLY_GROWING = ["assignmentpolicy", "balancerun", "decision"]


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0001_engineers_and_decisions")]
    operations = [
        *(Fence(f"dispatch_{table}") for table in TABLES),
        *(AppendOnly(f"dispatch_{table}") for table in ONLY_GROWING),
    ]
