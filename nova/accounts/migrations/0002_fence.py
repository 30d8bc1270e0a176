"""Put the fence around every table of tenants' rows."""

from django.db import migrations

from nova.tenancy.operations import Fence, SameTenant

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
# Which column points at which table: always within one tenant.
REFERENCES = [
    ("accounts_user", "department_id", "accounts_department"),
    ("accounts_user", "site_id", "accounts_site"),
    ("accounts_user", "floor_id", "accounts_floor"),
    ("accounts_user", "manager_id", "accounts_user"),
    ("accounts_rolegrant", "person_id", "accounts_user"),
    ("accounts_rolegrant", "role_id", "accounts_role"),
    ("accounts_apikey", "person_id", "accounts_user"),
    ("accounts_apikey", "created_by_id", "accounts_user"),
    ("accounts_secondfactor", "person_id", "accounts_user"),
    ("accounts_site", "region_id", "accounts_region"),
    ("accounts_floor", "site_id", "accounts_site"),
    ("accounts_department", "parent_id", "accounts_department"),
    ("accounts_department", "head_id", "accounts_user"),
    ("accounts_team", "lead_id", "accounts_user"),
    ("accounts_teammembership", "team_id", "accounts_team"),
    ("accounts_teammembership", "person_id", "accounts_user"),
    ("accounts_service", "team_id", "accounts_team"),
]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [
        *(Fence(table) for table in TABLES),
        *(SameTenant(*reference) for reference in REFERENCES),
        # Before sign-in no tenant is known: the one person whom the transaction names may be read.
        migrations.RunSQL(
            "CREATE POLICY sign_in ON accounts_user FOR SELECT USING ("
            "email = current_setting('nova.sign_in', true)"
            " OR id::text = current_setting('nova.sign_in', true))",
            "DROP POLICY sign_in ON accounts_user",
        ),
    ]
