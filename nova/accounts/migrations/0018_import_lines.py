"""Keep each row of an import by itself, and how far it is with them."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

STATUSES = [
    ("previewed", "Previewed"),
    ("applying", "Being applied"),
    ("apply_stopped", "Stopped while it was applied"),
    ("applied", "Applied"),
    ("undoing", "Being undone"),
    ("undo_stopped", "Stopped while it was undone"),
    ("undone", "Undone"),
]
KINDS = [("new", "New"), ("changed", "Changed"), ("same", "Same"), ("error", "Error")]
STATES = [
    ("waiting", "Waits"),
    ("come", "Came; the manager comes later"),
    ("done", "Done"),
    ("left_out", "Left out"),
    ("undone", "Undone"),
]
KEY = {"on_delete": django.db.models.deletion.PROTECT, "related_name": "+", "db_index": False}


class Migration(migrations.Migration):
    dependencies = [("accounts", "0017_vips"), ("tenancy", "0001_initial")]
    operations = [
        migrations.AddField(
            "peopleimport",
            "status",
            models.CharField(choices=STATUSES, default="previewed", max_length=15),
        ),
        migrations.AddField(
            "peopleimport",
            "actor",
            models.ForeignKey(null=True, to=settings.AUTH_USER_MODEL, **KEY),
        ),
        migrations.AddField(
            "peopleimport",
            "rights",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=100), default=list, size=None
            ),
        ),
        migrations.AddField("peopleimport", "moved_at", models.DateTimeField(null=True)),
        migrations.AddField("peopleimport", "ended_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "peopleimport", "attempts", models.PositiveSmallIntegerField(default=0)
        ),
        migrations.AddField("peopleimport", "to_do", models.PositiveIntegerField(default=0)),
        migrations.AddField("peopleimport", "done", models.PositiveIntegerField(default=0)),
        migrations.AddField(
            "peopleimport", "problem", models.CharField(blank=True, max_length=250)
        ),
        migrations.CreateModel(
            "PeopleImportLine",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("line", models.PositiveIntegerField()),
                ("said", models.JSONField()),
                ("read", models.JSONField(default=list)),
                ("kind", models.CharField(choices=KINDS, max_length=10)),
                ("faults", models.JSONField(default=list)),
                ("changes", models.JSONField(default=dict)),
                ("state", models.CharField(choices=STATES, default="waiting", max_length=10)),
                ("omitted", models.JSONField(default=list)),
                ("told", models.BigIntegerField(null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        "accounts.peopleimport",
                        django.db.models.deletion.CASCADE,
                        related_name="lines",
                        db_index=False,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(null=True, to=settings.AUTH_USER_MODEL, **KEY),
                ),
                ("tenant", models.ForeignKey("tenancy.tenant", editable=False, **KEY)),
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["batch", "id"], name="people_import_lines")],
            },
        ),
        migrations.AddConstraint(
            "peopleimport",
            models.UniqueConstraint(
                condition=models.Q(("status__in", ("applying", "undoing"))),
                fields=("tenant",),
                name="people_import_alone",
            ),
        ),
    ]
