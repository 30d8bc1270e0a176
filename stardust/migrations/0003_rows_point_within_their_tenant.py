"""Let rows point at things of their own tenant only; the event's key stays plain (decision 0032)."""

from django.db import migrations

from nova.tenancy.operations import SameTenant

REFERENCES = [
    ("stardust_entry", "person_id", "accounts_user"),
    ("stardust_entry", "ticket_id", "tickets_ticket"),
    ("stardust_entry", "takes_back_id", "stardust_entry"),
    ("stardust_optout", "person_id", "accounts_user"),
]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("stardust", "0002_fence")]
    operations = [SameTenant(*reference) for reference in REFERENCES]
