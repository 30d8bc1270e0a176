"""Let people be in groups."""

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
    dependencies = [("accounts", "0010_identity"), ("tenancy", "0001_initial")]
    operations = [
        migrations.CreateModel(
            "Group",
            [
                *of_tenant(),
                ("name", models.CharField(max_length=200)),
                ("external_id", models.CharField(editable=False, max_length=200, null=True)),
                ("created_at", models.DateTimeField(editable=False)),
                ("changed_at", models.DateTimeField(editable=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
            ],
        ),
        migrations.CreateModel(
            "GroupMembership",
            [
                *of_tenant(),
                (
                    "group",
                    models.ForeignKey(
                        "accounts.group",
                        django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        db_index=False,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        django.db.models.deletion.CASCADE,
                        related_name="memberships",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            "group",
            "members",
            models.ManyToManyField(
                settings.AUTH_USER_MODEL,
                through="accounts.GroupMembership",
                related_name="member_of",
            ),
        ),
        migrations.AddConstraint(
            "group",
            models.UniqueConstraint(fields=("tenant", "name"), name="group_name_unique"),
        ),
        migrations.AddConstraint(
            "group",
            models.UniqueConstraint(
                fields=("tenant", "external_id"), name="group_external_id_unique"
            ),
        ),
        migrations.AddConstraint(
            "groupmembership",
            models.UniqueConstraint(fields=("group", "person"), name="group_member_once"),
        ),
    ]
