"""Rules by which people are VIPs, and what brings many of them in step."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

LEVELS = [("exec", "Exec"), ("gold", "Gold"), ("priority", "Priority")]


def row():
    """Return the fields that every row of a tenant has."""
    serial = models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )
    return [("id", serial), ("tenant", plain("tenancy.tenant", editable=False))]


def plain(to, **options):
    options = {"related_name": "+", "db_index": False, **options}
    return models.ForeignKey(to, django.db.models.deletion.PROTECT, **options)


class Migration(migrations.Migration):
    dependencies = [
        ("vip", "0006_groups_and_reviews"),
        ("tenancy", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            "VipRule",
            [
                *row(),
                ("name", models.CharField(max_length=100)),
                ("level", models.CharField(choices=LEVELS, max_length=10)),
                ("condition", models.JSONField()),
                ("reason", models.CharField(max_length=250)),
                ("is_active", models.BooleanField(default=True, editable=False)),
                ("author", plain(settings.AUTH_USER_MODEL)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(editable=False)),
                ("changed_at", models.DateTimeField(editable=False)),
                ("reviewed_at", models.DateTimeField(editable=False, null=True)),
                ("retired_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "verbose_name": "VIP rule",
                "verbose_name_plural": "VIP rules",
                "permissions": [("rule_vips", "Can arrange rules by which people are VIPs")],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            "VipSettings",
            [
                *row(),
                (
                    "default_level",
                    models.CharField(
                        choices=LEVELS,
                        default="priority",
                        help_text="Of people whom the identity provider calls VIPs, "
                        "and does not say how much",
                        max_length=10,
                        verbose_name="level without a level",
                    ),
                ),
            ],
            options={
                "verbose_name": "VIP settings",
                "verbose_name_plural": "VIP settings",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            "Reassessment",
            [
                *row(),
                (
                    "person_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None
                    ),
                ),
                ("designation", plain("vip.designation", null=True)),
                ("rule", plain("vip.viprule", null=True)),
                ("because", models.CharField(max_length=250)),
                (
                    "status",
                    models.CharField(
                        choices=[("working", "At work"), ("done", "Done"), ("failed", "Stopped")],
                        default="working",
                        max_length=10,
                    ),
                ),
                ("author", plain(settings.AUTH_USER_MODEL)),
                ("created_at", models.DateTimeField()),
                ("moved_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("total", models.PositiveIntegerField()),
                ("done", models.PositiveIntegerField(default=0)),
                ("people_changed", models.PositiveIntegerField(default=0)),
                ("tickets_changed", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name": "reassessment",
                "verbose_name_plural": "reassessments",
                "default_permissions": (),
            },
        ),
        migrations.AddConstraint(
            "viprule",
            models.UniqueConstraint(fields=("tenant", "name"), name="vip_rule_name_unique"),
        ),
        migrations.AddConstraint(
            "vipsettings", models.UniqueConstraint(fields=("tenant",), name="vip_settings_once")
        ),
        migrations.AddIndex(
            "reassessment",
            models.Index(
                condition=models.Q(("status", "working")),
                fields=["tenant", "id"],
                name="reassessment_at_work",
            ),
        ),
    ]
