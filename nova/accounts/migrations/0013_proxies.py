"""Let people act for others: who, in what, from when until when."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

SCOPES = [
    ("submit", "Report"),
    ("view", "See reports"),
    ("reply", "Answer and confirm"),
    ("approve", "Approve"),
]
SOURCES = [("manual", "Manual"), ("scim", "SCIM"), ("api", "API")]


def person(related_name="+", **fields):
    """Return a reference to a person; the model's own indexes serve those that lists read by."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        django.db.models.deletion.PROTECT,
        related_name=related_name,
        db_index=False,
        **fields,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0012_groups_fence"),
        ("tenancy", "0001_initial"),
    ]
    operations = [
        migrations.CreateModel(
            "Proxy",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        models.CharField(max_length=10, choices=SCOPES)
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(null=True, blank=True)),
                ("source", models.CharField(max_length=10, choices=SOURCES, default="manual")),
                ("reason", models.CharField(max_length=250, blank=True)),
                ("created_at", models.DateTimeField(editable=False)),
                ("revoked_at", models.DateTimeField(null=True, editable=False)),
                ("person", person("proxies")),
                ("proxy", person()),
                ("author", person(editable=False)),
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
                "verbose_name": "proxy",
                "verbose_name_plural": "proxies",
                "default_permissions": (),
                "permissions": [("manage_proxies", "Can say who acts for whom")],
                "constraints": [
                    models.CheckConstraint(
                        name="proxy_is_another", condition=~Q(person=F("proxy"))
                    ),
                    models.CheckConstraint(
                        name="proxy_ends_after_start",
                        condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                    ),
                    models.CheckConstraint(name="proxy_may_something", condition=~Q(scopes=[])),
                ],
                "indexes": [
                    models.Index(
                        fields=["proxy"], condition=Q(revoked_at=None), name="proxy_acting"
                    ),
                    models.Index(fields=["person", "-created_at", "-id"], name="proxy_of_person"),
                    models.Index(fields=["tenant", "-created_at", "-id"], name="proxy_list"),
                ],
            },
        ),
    ]
