"""Let a duplicate name a ticket of its own tenant only."""

from django.db import migrations

from nova.tenancy.operations import SameTenant


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("tickets", "0016_merging")]
    operations = [SameTenant("tickets_ticket", "merged_into_id", "tickets_ticket")]
