"""Find the VIPs of a tenant among all its people."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("accounts", "0016_imports_fence")]
    operations = [
        AddIndexConcurrently(
            "user",
            models.Index(
                condition=models.Q(("vip_level", ""), _negated=True),
                fields=["tenant", "vip_level"],
                name="user_vips",
            ),
        ),
    ]
