"""Leave to versions what versions state."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sla", "0008_policies_become_versions")]
    operations = [
        migrations.RemoveConstraint("target", "target_metric_unique"),
        migrations.AlterField(
            "target",
            "policy",
            models.ForeignKey(
                "sla.policy",
                django.db.models.deletion.CASCADE,
                related_name="targets",
                db_index=False,
                null=True,
            ),
        ),
        migrations.RemoveField("target", "policy"),
        *(
            migrations.RemoveField("policy", name)
            for name in ("is_active", "kinds", "modules", "priorities", "types", "vip_levels")
        ),
        migrations.AlterField(
            "target",
            "version",
            models.ForeignKey(
                "sla.policyversion",
                django.db.models.deletion.CASCADE,
                related_name="targets",
                db_index=False,
            ),
        ),
        migrations.AddConstraint(
            "target",
            models.UniqueConstraint(
                fields=("version", "metric", "team"),
                name="target_metric_unique",
                nulls_distinct=False,
            ),
        ),
    ]
