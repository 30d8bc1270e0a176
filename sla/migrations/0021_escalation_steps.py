"""Let versions of policies state what happens as a clock runs out."""

import datetime

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import sla.models.steps

METRICS = [
    ("response", "First response"),
    ("next_response", "Next response"),
    ("resolution", "Resolution"),
    ("ola", "Team's part (OLA)"),
]
LEVELS = [("none", "Not a VIP"), ("exec", "Exec"), ("gold", "Gold"), ("priority", "Priority")]
PEOPLE = [
    ("assignee", "Assignee"),
    ("lead", "Team lead"),
    ("senior", "Senior engineer"),
    ("head", "Head of department"),
    ("operations", "Operations manager"),
]
WAYS = [("in_app", "In Nova"), ("email", "E-mail"), ("slack", "Slack")]
HOURS = [
    ("any", "At any hour"),
    ("waking", "Not at night, unless it is P1, P2 or a VIP's"),
    ("open", "Only in the working time of the calendar"),
]
REASSIGN = [
    ("backup", "To the backup, or else the team lead"),
    ("lead", "To the team lead"),
]


def several(choices, default):
    """Return an array of values out of `choices`."""
    return django.contrib.postgres.fields.ArrayField(
        base_field=models.CharField(max_length=10, choices=choices), default=default, blank=True
    )


def hook():
    """Return a reference to where something is posted."""
    return models.ForeignKey(
        "notifications.slackhook",
        django.db.models.deletion.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )


FIELDS = [
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
    (
        "version",
        models.ForeignKey(
            "sla.policyversion",
            django.db.models.deletion.CASCADE,
            related_name="steps",
            db_index=False,
        ),
    ),
    ("metric", models.CharField(max_length=20, choices=METRICS, blank=True)),
    ("vip_levels", several(LEVELS, list)),
    ("percent", models.PositiveSmallIntegerField(default=100)),
    ("offset_seconds", models.IntegerField(default=0)),
    ("is_working_time", models.BooleanField(default=True)),
    ("tells", several(PEOPLE, list)),
    ("channels", several(WAYS, sla.models.steps.default_channels)),
    ("hours", models.CharField(max_length=10, choices=HOURS, default="waking")),
    ("quiet_until", models.TimeField(default=datetime.time(7))),
    ("reassign_to", models.CharField(max_length=10, choices=REASSIGN, blank=True)),
    ("raises_priority", models.BooleanField(default=False)),
    ("opens_review", models.BooleanField(default=False)),
    ("posts_to", hook()),
    ("calls", hook()),
]


class Migration(migrations.Migration):
    dependencies = [
        ("sla", "0020_predictions_point_within_their_tenant"),
        ("notifications", "0006_workflow_hooks"),
        ("accounts", "0009_absence_within_the_tenant"),
        ("tenancy", "0001_initial"),
    ]
    operations = [
        migrations.CreateModel(
            "EscalationStep",
            FIELDS,
            options={
                "permissions": [("escalate_ticket", "Can escalate tickets")],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=(
                            *("version", "metric", "percent", "offset_seconds"),
                            *("is_working_time", "vip_levels"),
                        ),
                        name="step_moment_unique",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(percent__gte=1), name="step_has_a_share"
                    ),
                ],
            },
        ),
    ]
