"""Put the fence around every table of tenants' rows."""

from django.db import migrations

from nova.tenancy.operations import Fence

TABLES = [
    "accounts_user",
    "accounts_role",
    "accounts_rolegrant",
    "accounts_apikey",
    "accounts_secondfactor",
    "accounts_revokedtoken",
    "accounts_region",
    "accounts_site",
    "accounts_floor",
    "accounts_department",
    "accounts_team",
    "accounts_teammembership",
    "accounts_service",
]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [
        *(Fence(table) for table in TABLES),
        # Before sign-in no tenant is known: the one person whom the transaction names may be read.
        migrations.RunSQL(
            "CREATE POLICY sign_in ON accounts_user FOR SELECT USING ("
            "email = current_setting('nova.sign_in', true)"
            " OR id::text = current_setting('nova.sign_in', true))",
            "DROP POLICY sign_in ON accounts_user",
        ),
    ]
