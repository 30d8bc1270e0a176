"""Let reports find the verdicts of a period."""

import django.db.models.functions
import django.db.models.lookups
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

VERDICT_AT = django.db.models.functions.Coalesce("ended_at", "breached_at", "measured_breached_at")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("sla", "0011_both_truths")]
    operations = [
        AddIndexConcurrently(
            "clock",
            models.Index(
                "tenant",
                "metric",
                VERDICT_AT,
                condition=models.Q(django.db.models.lookups.IsNull(VERDICT_AT, False)),
                name="clock_verdict_at",
            ),
        ),
    ]
