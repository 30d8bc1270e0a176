"""Let policies have versions, clocks know theirs, and chosen VIPs be promised more."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

METRICS = [
    ("response", "First response"),
    ("next_response", "Next response"),
    ("resolution", "Resolution"),
    ("ola", "Team's part (OLA)"),
]


def key(to, on_delete=django.db.models.deletion.PROTECT, **options):
    return models.ForeignKey(to, on_delete, **{"related_name": "+", **options})


def plain(to, **options):
    return key(to, db_index=False, **options)


def serial():
    return models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_organisations_fence"),
        ("sla", "0006_rows_point_within_their_tenant"),
        ("tenancy", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            "PolicyVersion",
            [
                ("id", serial()),
                ("number", models.PositiveIntegerField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("published", "Published"),
                            ("retired", "Retired"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("conditions", models.JSONField(default=dict)),
                ("written_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(null=True)),
                ("retired_at", models.DateTimeField(null=True)),
                ("author", plain(settings.AUTH_USER_MODEL, null=True)),
                ("policy", plain("sla.policy", related_name="versions")),
                ("tenant", plain("tenancy.tenant", editable=False)),
            ],
            options={"default_permissions": ()},
        ),
        migrations.CreateModel(
            "VipOverride",
            [
                ("id", serial()),
                ("vip_sla_override", models.JSONField()),
                ("reason", models.CharField(max_length=250)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(blank=True, null=True)),
                ("author", plain(settings.AUTH_USER_MODEL, editable=False)),
                *(
                    (name, key(to, models.CASCADE, null=True, blank=True))
                    for name, to in (
                        ("person", settings.AUTH_USER_MODEL),
                        ("department", "accounts.department"),
                        ("team", "accounts.team"),
                    )
                ),
                ("tenant", plain("tenancy.tenant", editable=False)),
            ],
            options={
                "verbose_name": "VIP override",
                "permissions": [("override_sla", "Can promise VIPs more than policies do")],
                "default_permissions": (),
            },
        ),
        *(
            migrations.AlterField(model, "metric", models.CharField(choices=METRICS, max_length=20))
            for model in ("clock", "ledgerentry", "target")
        ),
        migrations.AlterField("clock", "policy_name", models.CharField(max_length=150)),
        migrations.AddField("clock", "team", plain("accounts.team", null=True)),
        migrations.AddField("clock", "policy_version", plain("sla.policyversion", null=True)),
        migrations.AddField("ledgerentry", "policy_version", plain("sla.policyversion", null=True)),
        migrations.AddField(
            "policy", "current", key("sla.policyversion", null=True, editable=False)
        ),
        migrations.AddField(
            "target",
            "on_change",
            models.CharField(
                choices=[
                    ("retroactive", "Keep the time that has been counted"),
                    ("restart", "Begin to count anew"),
                ],
                default="retroactive",
                max_length=20,
            ),
        ),
        migrations.AddField("target", "team", key("accounts.team", null=True, blank=True)),
        migrations.AddField(
            "target",
            "version",
            plain(
                "sla.policyversion",
                on_delete=django.db.models.deletion.CASCADE,
                related_name="targets",
                null=True,
            ),
        ),
        migrations.AddConstraint(
            "policyversion",
            models.UniqueConstraint(fields=("policy", "number"), name="policy_version_unique"),
        ),
        *(
            migrations.AddConstraint(
                "policyversion",
                models.UniqueConstraint(
                    condition=models.Q(("status", status)), fields=("policy",), name=name
                ),
            )
            for status, name in (
                ("draft", "policy_draft_once"),
                ("published", "policy_published_once"),
            )
        ),
        migrations.AddConstraint(
            "vipoverride",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("department", None), ("person__isnull", False), ("team", None)),
                    models.Q(("department__isnull", False), ("person", None), ("team", None)),
                    models.Q(("department", None), ("person", None), ("team__isnull", False)),
                    _connector="OR",
                ),
                name="override_is_for_one",
            ),
        ),
    ]
