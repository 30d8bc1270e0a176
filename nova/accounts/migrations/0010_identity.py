"""Keep what an identity provider says of people, and count the changes of a person."""

from django.db import migrations, models
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_absence_within_the_tenant")]
    operations = [
        migrations.AlterModelOptions(
            "user",
            {
                "default_permissions": (),
                "permissions": [
                    ("enter_core", "Can enter Nova Core"),
                    ("look_up_people", "Can look up people"),
                    ("manage_people", "Can manage people"),
                    (
                        "provision_people",
                        "Can provision people and groups as an identity provider",
                    ),
                    ("manage_groups", "Can manage groups and who is in them"),
                    ("manage_roles", "Can manage roles and who holds them"),
                    ("manage_organisation", "Can manage departments, sites, services and teams"),
                    ("make_keys", "Can make API keys of their own"),
                    ("manage_keys", "Can manage API keys of everybody"),
                ],
                "verbose_name": "person",
                "verbose_name_plural": "people",
            },
        ),
        migrations.AddField(
            "user", "departed_at", models.DateTimeField(editable=False, null=True)
        ),
        migrations.AddField(
            "user", "user_name", models.CharField(editable=False, max_length=254, null=True)
        ),
        migrations.AddField(
            "user", "external_id", models.CharField(editable=False, max_length=200, null=True)
        ),
        migrations.AddField(
            "user",
            "attributes",
            models.JSONField(db_default={}, default=dict, editable=False),
        ),
        migrations.AddField(
            "user",
            "version",
            models.PositiveIntegerField(db_default=1, default=1, editable=False),
        ),
        migrations.AddField("user", "changed_at", models.DateTimeField(editable=False, null=True)),
        migrations.AddConstraint(
            "user",
            models.CheckConstraint(
                condition=models.Q(user_name=Lower("user_name")), name="user_user_name_lower"
            ),
        ),
        migrations.AddConstraint(
            "user",
            models.UniqueConstraint(fields=("tenant", "user_name"), name="user_user_name_unique"),
        ),
        migrations.AddConstraint(
            "user",
            models.UniqueConstraint(
                fields=("tenant", "external_id"), name="user_external_id_unique"
            ),
        ),
    ]
