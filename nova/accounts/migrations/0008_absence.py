"""Let people be away with somebody who stands in, teams have a senior, sites a manager."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def person(**fields):
    """Return a reference to a person that no list reads by."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        django.db.models.deletion.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        **fields,
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_organisations_fence")]
    operations = [
        migrations.AddField(
            "user",
            "away_until",
            models.DateTimeField(null=True, blank=True, verbose_name="away until"),
        ),
        migrations.AddField(
            "user",
            "stands_in",
            person(
                verbose_name="who stands in",
                help_text="Is told instead while this person is away",
            ),
        ),
        migrations.AddField("team", "senior", person(verbose_name="senior engineer")),
        migrations.AddField("site", "operations_manager", person()),
    ]
