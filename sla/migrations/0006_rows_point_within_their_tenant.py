"""Let no row point at a row of another tenant."""

from django.db import migrations

from nova.tenancy.operations import SameTenant

REFERENCES = [
    ("sla_calendar", "current_id", "sla_calendarversion"),
    ("sla_calendarversion", "calendar_id", "sla_calendar"),
    ("sla_calendarversion", "author_id", "accounts_user"),
    ("sla_target", "policy_id", "sla_policy"),
    ("sla_target", "calendar_id", "sla_calendar"),
    ("sla_clock", "ticket_id", "tickets_ticket"),
    ("sla_clock", "policy_id", "sla_policy"),
    ("sla_clock", "calendar_version_id", "sla_calendarversion"),
    ("sla_ledgerentry", "ticket_id", "tickets_ticket"),
    ("sla_ledgerentry", "calendar_version_id", "sla_calendarversion"),
    ("sla_ledgerentry", "actor_id", "accounts_user"),
]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("sla", "0005_plural_names"),
        ("accounts", "0005_rows_point_within_their_tenant"),
        ("tickets", "0010_no_index_without_a_reader"),
    ]
    operations = [SameTenant(*reference) for reference in REFERENCES]
