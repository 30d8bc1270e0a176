"""Put the fence around proxies, and let people act for those of their tenant only."""

from django.db import migrations

from nova.tenancy.operations import Fence, SameTenant

REFERENCES = ("person_id", "proxy_id", "author_id")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("accounts", "0013_proxies")]
    operations = [
        Fence("accounts_proxy"),
        *(SameTenant("accounts_proxy", column, "accounts_user") for column in REFERENCES),
    ]
