"""Let people be told of alerts on their devices."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")
CHANNELS = [
    ("in_app", "In Nova"),
    ("email", "E-mail"),
    ("slack", "Slack"),
    ("workflow", "Workflow"),
    ("push", "Device"),
]


def _tenant():
    return models.ForeignKey(
        editable=False,
        db_index=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="tenancy.tenant",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0006_workflow_hooks"),
        ("accounts", "0016_imports_fence"),
    ]
    operations = [
        migrations.CreateModel(
            name="PushKey",
            fields=[
                ("id", ID),
                ("public", models.CharField(max_length=100)),
                ("sealed_private", models.TextField(editable=False)),
                ("created_at", models.DateTimeField()),
                ("tenant", _tenant()),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("tenant",), name="push_key_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PushSubscription",
            fields=[
                ("id", ID.clone()),
                ("digest", models.CharField(max_length=64)),
                ("sealed", models.TextField(editable=False)),
                ("label", models.CharField(max_length=80)),
                ("created_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("tenant", _tenant()),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "digest"), name="push_device_once"
                    )
                ],
            },
        ),
        migrations.AddField(
            "delivery",
            "subscription",
            models.ForeignKey(
                null=True,
                db_index=False,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="notifications.pushsubscription",
            ),
        ),
        migrations.AlterField(
            "delivery", "channel", models.CharField(max_length=10, choices=CHANNELS)
        ),
    ]
