"""Let people belong to organisations: customers and partners."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_rows_point_within_their_tenant"),
        ("tenancy", "0001_initial"),
    ]
    operations = [
        migrations.CreateModel(
            "Organisation",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=150)),
                (
                    "tenant",
                    models.ForeignKey(
                        "tenancy.tenant",
                        django.db.models.deletion.PROTECT,
                        related_name="+",
                        db_index=False,
                        editable=False,
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            "organisation",
            models.UniqueConstraint(fields=("tenant", "name"), name="organisation_name_unique"),
        ),
        migrations.AddField(
            "user",
            "organisation",
            models.ForeignKey(
                "accounts.organisation",
                django.db.models.deletion.SET_NULL,
                related_name="people",
                null=True,
                blank=True,
            ),
        ),
    ]
