"""Give versions of calendars a life: draft, published, retired; and calendars a feed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from nova.tenancy.operations import AppendOnly

# What was append-only becomes versioned (0022): a draft may change.
APPEND_ONLY = AppendOnly("sla_calendarversion")


class Migration(migrations.Migration):
    dependencies = [
        ("sla", "0013_reports_permission"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.RunSQL(sql=APPEND_ONLY.reverse_sql, reverse_sql=APPEND_ONLY.sql),
        migrations.AddField(
            "calendar",
            "told_until",
            models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            "calendarversion",
            "status",
            models.CharField(
                choices=[("draft", "Draft"), ("published", "Published"), ("retired", "Retired")],
                default="retired",
                editable=False,
                max_length=10,
            ),
        ),
        migrations.AddField("calendarversion", "sources", models.JSONField(default=dict)),
        migrations.AddField("calendarversion", "written_at", models.DateTimeField(null=True)),
        migrations.AddField("calendarversion", "retired_at", models.DateTimeField(null=True)),
        migrations.AlterField("calendarversion", "published_at", models.DateTimeField(null=True)),
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sealed_url", models.TextField(editable=False)),
                ("host", models.CharField(max_length=255)),
                ("publishes_itself", models.BooleanField(default=False)),
                ("fetched_at", models.DateTimeField(null=True)),
                ("failed_at", models.DateTimeField(null=True)),
                ("last_error", models.TextField(blank=True)),
                ("next_fetch_at", models.DateTimeField()),
                (
                    "calendar",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="feed",
                        to="sla.calendar",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
            ],
            options={"abstract": False},
        ),
    ]
