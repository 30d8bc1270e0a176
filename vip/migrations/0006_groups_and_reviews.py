"""Let groups be designated, and note when a designation was last looked at and reminded of."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

ONE_TARGET = (
    "num_nonnulls(person_id, nullif(group_name, ''), department_id, site_id, floor_id) = 1 "
    "AND (group_id IS NULL OR group_name <> '')"
)


class Migration(migrations.Migration):
    dependencies = [
        ("vip", "0005_rows_point_within_their_tenant"),
        ("accounts", "0012_groups_fence"),
    ]
    operations = [
        migrations.AlterModelOptions(
            "designation",
            {
                "default_permissions": (),
                "permissions": [
                    ("designate_vip", "Can designate and revoke VIPs"),
                    ("review_vip", "Can confirm that VIPs still are ones"),
                    ("manage_vip", "Can arrange how VIPs are treated"),
                ],
            },
        ),
        migrations.AddField(
            "designation",
            "group",
            models.ForeignKey(
                "accounts.group",
                django.db.models.deletion.SET_NULL,
                blank=True,
                db_index=False,
                null=True,
                related_name="+",
            ),
        ),
        migrations.AddField(
            "designation",
            "group_name",
            models.CharField(blank=True, db_default="", editable=False, max_length=200),
        ),
        migrations.AddField(
            "designation",
            "reminded_days",
            models.PositiveSmallIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            "designation", "reviewed_at", models.DateTimeField(editable=False, null=True)
        ),
        migrations.RemoveConstraint("designation", "designation_has_one_target"),
        migrations.AddConstraint(
            "designation",
            models.CheckConstraint(
                condition=models.Q(
                    django.db.models.expressions.RawSQL(
                        ONE_TARGET, [], output_field=models.BooleanField()
                    )
                ),
                name="designation_has_one_target",
            ),
        ),
        migrations.AddIndex(
            "designation",
            models.Index(
                condition=models.Q(("ends_at__isnull", False), ("revoked_at", None)),
                fields=["tenant", "ends_at"],
                name="designation_ending",
            ),
        ),
        migrations.AddIndex(
            "designation",
            models.Index(
                condition=models.Q(("group", None), _negated=True),
                fields=["group"],
                name="vip_by_group",
            ),
        ),
    ]
