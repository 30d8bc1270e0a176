"""Let no row point at a row of another tenant."""

from django.db import migrations

from nova.tenancy.operations import SameTenant

REFERENCES = [
    ("vip_designation", "person_id", "accounts_user"),
    ("vip_designation", "department_id", "accounts_department"),
    ("vip_designation", "site_id", "accounts_site"),
    ("vip_designation", "floor_id", "accounts_floor"),
    ("vip_designation", "author_id", "accounts_user"),
]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("vip", "0004_no_index_without_a_reader"),
        ("accounts", "0005_rows_point_within_their_tenant"),
    ]
    operations = [SameTenant(*reference) for reference in REFERENCES]
