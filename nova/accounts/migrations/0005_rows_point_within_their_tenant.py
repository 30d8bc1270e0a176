"""Let no row point at a row of another tenant."""

from django.db import migrations

from nova.tenancy.operations import SameTenant

REFERENCES = [
    ("accounts_site", "region_id", "accounts_region"),
    ("accounts_floor", "site_id", "accounts_site"),
    ("accounts_department", "parent_id", "accounts_department"),
    ("accounts_department", "head_id", "accounts_user"),
    ("accounts_team", "lead_id", "accounts_user"),
    ("accounts_teammembership", "team_id", "accounts_team"),
    ("accounts_teammembership", "person_id", "accounts_user"),
    ("accounts_service", "team_id", "accounts_team"),
    ("accounts_user", "department_id", "accounts_department"),
    ("accounts_user", "site_id", "accounts_site"),
    ("accounts_user", "floor_id", "accounts_floor"),
    ("accounts_user", "manager_id", "accounts_user"),
    ("accounts_rolegrant", "person_id", "accounts_user"),
    ("accounts_rolegrant", "role_id", "accounts_role"),
    ("accounts_apikey", "person_id", "accounts_user"),
    ("accounts_apikey", "created_by_id", "accounts_user"),
    ("accounts_secondfactor", "person_id", "accounts_user"),
]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("accounts", "0004_own_keys"),
    ]
    operations = [SameTenant(*reference) for reference in REFERENCES]
