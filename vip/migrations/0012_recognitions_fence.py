"""Put the fence around recognitions, and let no row point beyond it."""

from django.db import migrations

from nova.tenancy.operations import Fence, SameTenant

REFERENCES = [
    ("vip_recognition", "ticket_id", "tickets_ticket"),
    ("vip_recognition", "comment_id", "tickets_comment"),
    ("vip_recognition", "person_id", "accounts_user"),
    ("vip_recognition", "author_id", "accounts_user"),
    ("vip_recognition", "decided_by_id", "accounts_user"),
]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("vip", "0011_recognitions")]
    operations = [
        Fence("vip_recognition"),
        *(SameTenant(*reference) for reference in REFERENCES),
    ]
