"""Whom Cosmo takes tickets to be for, and from which confidence on."""

from decimal import Decimal

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

LEVELS = [("exec", "Exec"), ("gold", "Gold"), ("priority", "Priority")]
STATES = [
    ("proposed", "Proposed"),
    ("applied", "Applied"),
    ("accepted", "Accepted"),
    ("refused", "Refused"),
    ("withdrawn", "Withdrawn"),
]
SHARE = [
    django.core.validators.MinValueValidator(Decimal("0")),
    django.core.validators.MaxValueValidator(Decimal("1")),
]


def plain(to, on_delete=django.db.models.deletion.PROTECT, **options):
    return models.ForeignKey(to, on_delete, related_name="+", db_index=False, **options)


def share(value, **words):
    return models.DecimalField(
        db_default=Decimal(value),
        decimal_places=2,
        default=Decimal(value),
        max_digits=3,
        validators=SHARE,
        **words,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("vip", "0010_alerts_fence"),
        ("tickets", "0018_merging_permission"),
        ("tenancy", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            "vipsettings",
            "recognises",
            models.BooleanField(
                db_default=True,
                default=True,
                help_text="By what requesters write, such as “on behalf of” and a name",
                verbose_name="Cosmo recognises VIPs",
            ),
        ),
        migrations.AddField(
            "vipsettings",
            "sure_from",
            share(
                "0.9",
                help_text="From this confidence on Cosmo marks tickets itself, "
                "if it trusts the author",
                verbose_name="sure from",
            ),
        ),
        migrations.AddField(
            "vipsettings",
            "propose_from",
            share(
                "0.5",
                help_text="From this confidence on a lead is asked. Of less nothing is said",
                verbose_name="proposed from",
            ),
        ),
        migrations.AddConstraint(
            "vipsettings",
            models.CheckConstraint(
                condition=models.Q(
                    ("propose_from__gte", 0),
                    ("propose_from__lte", models.F("sure_from")),
                    ("sure_from__lte", 1),
                ),
                name="vip_settings_in_order",
                violation_error_message="Cosmo must propose from less than it is sure from.",
            ),
        ),
        migrations.CreateModel(
            "Recognition",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("tenant", plain("tenancy.tenant", editable=False)),
                ("ticket", plain("tickets.ticket")),
                (
                    "comment",
                    plain(
                        "tickets.comment", django.db.models.deletion.SET_NULL, null=True
                    ),
                ),
                ("person", plain(settings.AUTH_USER_MODEL)),
                ("author", plain(settings.AUTH_USER_MODEL)),
                ("level", models.CharField(choices=LEVELS, max_length=10)),
                ("words", models.CharField(max_length=150)),
                ("confidence", models.DecimalField(decimal_places=2, max_digits=3)),
                ("parts", models.JSONField(default=list)),
                ("is_sure", models.BooleanField()),
                ("because", models.CharField(max_length=250)),
                ("state", models.CharField(choices=STATES, max_length=10)),
                ("created_at", models.DateTimeField()),
                ("decided_by", plain(settings.AUTH_USER_MODEL, null=True)),
                ("decided_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "recognition",
                "verbose_name_plural": "recognitions",
                "permissions": [
                    ("judge_recognitions", "Can judge whom Cosmo takes tickets to be for")
                ],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("ticket", "person"), name="recognition_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("confidence__gte", 0), ("confidence__lte", 1)),
                        name="recognition_confidence",
                    ),
                ],
                "indexes": [
                    models.Index(
                        fields=["tenant", "-created_at", "-id"], name="recognition_list"
                    ),
                    models.Index(
                        fields=["tenant", "state", "-created_at", "-id"],
                        name="recognition_by_state",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ("applied", "accepted"))),
                        fields=["person"],
                        name="recognition_holding",
                    ),
                    models.Index(
                        condition=models.Q(("is_sure", True)),
                        fields=["author", "created_at"],
                        name="recognition_by_author",
                    ),
                ],
            },
        ),
    ]
