"""Let alerts of VIPs' tickets wait for somebody who acknowledges them."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

LEVELS = [("exec", "Exec"), ("gold", "Gold"), ("priority", "Priority")]
STEPS = [
    (0, "Desk"),
    (1, "Team lead"),
    (2, "Head of department"),
    (3, "Everybody who may know"),
]
KINDS = [
    ("news", "News"),
    ("vip", "VIP ticket"),
    ("risk", "Breach warning"),
    ("breach", "Breach"),
]


def plain(to, **options):
    options = {"related_name": "+", "db_index": False, **options}
    return models.ForeignKey(to, django.db.models.deletion.PROTECT, **options)


class Migration(migrations.Migration):
    dependencies = [
        ("vip", "0008_rules_fence"),
        ("tickets", "0018_merging_permission"),
        ("accounts", "0016_imports_fence"),
    ]
    operations = [
        migrations.CreateModel(
            "VipAlert",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("tenant", plain("tenancy.tenant", editable=False)),
                (
                    "ticket",
                    models.ForeignKey(
                        "tickets.ticket", django.db.models.deletion.CASCADE, related_name="+"
                    ),
                ),
                ("kind", models.CharField(choices=KINDS, max_length=10)),
                ("level", models.CharField(choices=LEVELS, max_length=10)),
                ("opened_at", models.DateTimeField()),
                ("step", models.PositiveSmallIntegerField(choices=STEPS, default=0)),
                ("escalate_at", models.DateTimeField(null=True)),
                ("acknowledged_by", plain(settings.AUTH_USER_MODEL, null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("ticket",), condition=Q(ended_at=None), name="vip_alert_open_once"
                    )
                ],
                "indexes": [
                    models.Index(
                        fields=["tenant", "escalate_at"],
                        condition=Q(ended_at=None, escalate_at__isnull=False),
                        name="vip_alert_due",
                    )
                ],
            },
        ),
        migrations.AddField(
            "vipsettings",
            "acknowledge_minutes",
            models.PositiveSmallIntegerField(
                default=3,
                db_default=3,
                help_text="After so many minutes without anybody the next in line are told; 0: never",
                validators=[django.core.validators.MaxValueValidator(1440)],
                verbose_name="minutes to acknowledge an alert",
            ),
        ),
    ]
