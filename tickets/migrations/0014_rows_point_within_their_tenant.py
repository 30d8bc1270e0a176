"""Let no row point at a row of another tenant."""

from django.db import migrations

from nova.tenancy.operations import SameTenant

REFERENCES = [
    ("tickets_category", "parent_id", "tickets_category"),
    ("tickets_savedview", "owner_id", "accounts_user"),
    ("tickets_replytemplate", "person_id", "accounts_user"),
    ("tickets_replytemplate", "team_id", "accounts_team"),
    ("tickets_ticket", "category_id", "tickets_category"),
    ("tickets_ticket", "subcategory_id", "tickets_category"),
    ("tickets_ticket", "requester_id", "accounts_user"),
    ("tickets_ticket", "submitted_by_id", "accounts_user"),
    ("tickets_ticket", "department_id", "accounts_department"),
    ("tickets_ticket", "service_id", "accounts_service"),
    ("tickets_ticket", "region_id", "accounts_region"),
    ("tickets_ticket", "site_id", "accounts_site"),
    ("tickets_ticket", "assignee_id", "accounts_user"),
    ("tickets_ticket", "backup_id", "accounts_user"),
    ("tickets_ticket", "team_id", "accounts_team"),
    ("tickets_stagevisit", "ticket_id", "tickets_ticket"),
    ("tickets_tickettag", "ticket_id", "tickets_ticket"),
    ("tickets_tickettag", "tag_id", "tickets_tag"),
    ("tickets_watcher", "ticket_id", "tickets_ticket"),
    ("tickets_watcher", "person_id", "accounts_user"),
    ("tickets_comment", "ticket_id", "tickets_ticket"),
    ("tickets_comment", "author_id", "accounts_user"),
    ("tickets_comment", "on_behalf_of_id", "accounts_user"),
    ("tickets_attachment", "ticket_id", "tickets_ticket"),
    ("tickets_attachment", "uploaded_by_id", "accounts_user"),
    ("tickets_timeentry", "ticket_id", "tickets_ticket"),
    ("tickets_timeentry", "person_id", "accounts_user"),
    ("tickets_seen", "ticket_id", "tickets_ticket"),
    ("tickets_seen", "person_id", "accounts_user"),
    ("tickets_original", "ticket_id", "tickets_ticket"),
    ("tickets_original", "run_id", "tickets_importrun"),
]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("tickets", "0013_reply_templates_fence"),
        ("accounts", "0005_rows_point_within_their_tenant"),
    ]
    operations = [SameTenant(*reference) for reference in REFERENCES]
