"""Let ratings point at tickets and people of their own tenant only."""

from django.db import migrations

from nova.tenancy.operations import SameTenant

REFERENCES = [
    ("tickets_rating", "ticket_id", "tickets_ticket"),
    ("tickets_rating", "rated_by_id", "accounts_user"),
    ("tickets_rating", "on_behalf_of_id", "accounts_user"),
]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("tickets", "0021_ratings_fence")]
    operations = [SameTenant(*reference) for reference in REFERENCES]
