"""Put the fence around recalculations and their lines."""

from django.db import migrations

from nova.tenancy.operations import Fence, SameTenant

REFERENCES = [
    ("sla_recalculation", "author_id", "accounts_user"),
    ("sla_recalculation", "applier_id", "accounts_user"),
    ("sla_recalculation", "calendar_id", "sla_calendar"),
    ("sla_recalculation", "undoes_id", "sla_recalculation"),
    ("sla_recalculationline", "recalculation_id", "sla_recalculation"),
    *(
        ("sla_recalculationline", f"{side}_{of}_version_id", f"sla_{of}version")
        for side in ("before", "after")
        for of in ("calendar", "policy")
    ),
]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("sla", "0023_recalculations")]
    operations = [
        Fence("sla_recalculation"),
        Fence("sla_recalculationline"),
        *(SameTenant(*reference) for reference in REFERENCES),
    ]
