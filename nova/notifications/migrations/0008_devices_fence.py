"""Put the fence around devices and keys, and let no row point beyond it."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from nova.tenancy.operations import Fence, SameTenant

TABLES = ["notifications_pushkey", "notifications_pushsubscription"]
REFERENCES = [
    ("notifications_pushsubscription", "person_id", "accounts_user"),
    ("notifications_delivery", "subscription_id", "notifications_pushsubscription"),
]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("notifications", "0007_devices")]
    operations = [
        *(Fence(table) for table in TABLES),
        *(SameTenant(*reference) for reference in REFERENCES),
        AddIndexConcurrently(
            "delivery",
            models.Index(
                fields=["subscription"],
                condition=models.Q(subscription__isnull=False),
                name="delivery_of_device",
            ),
        ),
    ]
