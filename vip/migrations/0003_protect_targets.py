"""Let nobody delete what is designated: the audit needs it."""

from django.conf import settings
from django.db import migrations, models

TARGETS = {
    "person": settings.AUTH_USER_MODEL,
    "department": "accounts.department",
    "site": "accounts.site",
    "floor": "accounts.floor",
}


class Migration(migrations.Migration):
    dependencies = [("vip", "0002_fence")]
    operations = [
        migrations.AlterField(
            "designation",
            name,
            models.ForeignKey(
                target, models.PROTECT, null=True, blank=True, related_name="+"
            ),
        )
        for name, target in TARGETS.items()
    ]
