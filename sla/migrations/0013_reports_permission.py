"""Let roles say who sees reports."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("sla", "0012_verdicts_by_date")]
    operations = [
        migrations.AlterModelOptions(
            "policy",
            {
                "default_permissions": (),
                "permissions": [
                    ("view_clock", "Can see clocks and due times"),
                    ("preview_clock", "Can calculate clocks"),
                    ("manage_sla", "Can arrange calendars and policies"),
                    ("view_reports", "Can see how well service levels were kept"),
                ],
                "verbose_name_plural": "policies",
            },
        ),
    ]
