"""Let one version be written, one be in force, and none change that was."""

from django.db import migrations, models

from nova.tenancy.operations import Fence, FrozenOncePublished


class Migration(migrations.Migration):
    dependencies = [("sla", "0015_former_versions_are_retired")]
    operations = [
        migrations.AlterField("calendarversion", "written_at", models.DateTimeField()),
        migrations.AlterField(
            "calendarversion",
            "status",
            models.CharField(
                choices=[("draft", "Draft"), ("published", "Published"), ("retired", "Retired")],
                default="draft",
                editable=False,
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            "calendarversion",
            models.UniqueConstraint(
                condition=models.Q(status="draft"),
                fields=("calendar",),
                name="calendar_draft_once",
            ),
        ),
        migrations.AddConstraint(
            "calendarversion",
            models.UniqueConstraint(
                condition=models.Q(status="published"),
                fields=("calendar",),
                name="calendar_published_once",
            ),
        ),
        FrozenOncePublished("sla_calendarversion", may_change=("status", "retired_at")),
        Fence("sla_calendarfeed"),
    ]
