"""Keep from when until when a person took no part, so that what is read late counts as then."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def forget_what_is_over(apps, schema_editor):
    apps.get_model("stardust", "OptOut").objects.exclude(until=None).delete()


class Migration(migrations.Migration):
    dependencies = [("stardust", "0003_rows_point_within_their_tenant")]

    operations = [
        migrations.AddField("optout", "until", models.DateTimeField(null=True)),
        migrations.AlterField(
            "optout",
            "person",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RemoveConstraint("optout", "stardust_opted_out_once"),
        migrations.AddConstraint(
            "optout",
            models.UniqueConstraint(
                condition=models.Q(("until", None)),
                fields=("person",),
                name="stardust_opted_out_once",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, forget_what_is_over, elidable=False),
    ]
