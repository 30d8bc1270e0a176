"""Let groups bring teams and roles."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def of_tenant():
    """Return the fields that every row of a tenant has."""
    return [
        (
            "id",
            models.BigAutoField(
                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
    ]


class Migration(migrations.Migration):
    initial = True
    dependencies = [("accounts", "0012_groups_fence"), ("tenancy", "0001_initial")]
    operations = [
        migrations.CreateModel(
            "GroupMapping",
            [
                *of_tenant(),
                (
                    "group",
                    models.ForeignKey(
                        "accounts.group",
                        django.db.models.deletion.CASCADE,
                        related_name="mappings",
                        db_index=False,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        "accounts.team",
                        django.db.models.deletion.CASCADE,
                        null=True,
                        blank=True,
                        related_name="+",
                        db_index=False,
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        "accounts.role",
                        django.db.models.deletion.PROTECT,
                        null=True,
                        blank=True,
                        related_name="+",
                        db_index=False,
                    ),
                ),
            ],
            {
                "verbose_name": "mapping of a group",
                "verbose_name_plural": "mappings of groups",
                "permissions": [("map_groups", "Can let groups bring teams and roles")],
                "constraints": [
                    models.UniqueConstraint(fields=("group", "team"), name="mapping_team_once"),
                    models.UniqueConstraint(fields=("group", "role"), name="mapping_role_once"),
                    models.CheckConstraint(
                        condition=models.Q(team=None) ^ models.Q(role=None),
                        name="mapping_names_one",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            "Given",
            [
                *of_tenant(),
                (
                    "mapping",
                    models.ForeignKey(
                        "scim.groupmapping",
                        django.db.models.deletion.CASCADE,
                        related_name="given",
                        db_index=False,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        django.db.models.deletion.CASCADE,
                        related_name="+",
                    ),
                ),
            ],
            {
                "constraints": [
                    models.UniqueConstraint(fields=("mapping", "person"), name="given_once")
                ],
            },
        ),
    ]
