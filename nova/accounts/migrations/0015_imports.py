"""Keep imports of people from files."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0014_proxies_fence"), ("tenancy", "0001_initial")]
    operations = [
        migrations.CreateModel(
            "PeopleImport",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("file_name", models.CharField(max_length=150)),
                ("created_at", models.DateTimeField()),
                ("applied_at", models.DateTimeField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
                ("tells_attributes", models.BooleanField(default=False)),
                ("counts", models.JSONField(default=dict)),
                ("rows", models.JSONField(default=list)),
                ("made_groups", models.JSONField(default=list)),
                (
                    "author",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        django.db.models.deletion.PROTECT,
                        related_name="+",
                        db_index=False,
                    ),
                ),
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
            options={
                "verbose_name": "import of people",
                "verbose_name_plural": "imports of people",
                "permissions": [("import_people", "Can import people and groups from files")],
                "default_permissions": (),
                "indexes": [models.Index(fields=["tenant", "-id"], name="people_import_list")],
            },
        ),
    ]
