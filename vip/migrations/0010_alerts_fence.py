"""Fence the alerts, and let their rows point within their tenant only."""

from django.db import migrations

from nova.tenancy.operations import Fence, SameTenant


class Migration(migrations.Migration):
    atomic = False  # as the keys within a tenant ask for
    dependencies = [("vip", "0009_alerts")]
    operations = [
        Fence("vip_vipalert"),
        SameTenant("vip_vipalert", "ticket_id", "tickets_ticket"),
        SameTenant("vip_vipalert", "acknowledged_by_id", "accounts_user"),
    ]
