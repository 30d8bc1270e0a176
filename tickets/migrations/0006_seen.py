import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from nova.tenancy.operations import Fence


class Migration(migrations.Migration):

    dependencies = [
        ("tenancy", "0001_initial"),
        ("tickets", "0005_saved_views_fence"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Seen",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("tenant", models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.tenant")),
                ("ticket", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tickets.ticket")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("person", "ticket"), name="seen_once")],
            },
        ),
        Fence("tickets_seen"),
    ]
