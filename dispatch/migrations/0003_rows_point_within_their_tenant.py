"""Let rows point at things of their own tenant only (decision 0032)."""

from django.db import migrations

from nova.tenancy.operations import SameTenant

REFERENCES = [
    ("dispatch_assignmentpolicy", "author_id", "accounts_user"),
    ("dispatch_balancerun", "policy_id", "dispatch_assignmentpolicy"),
    ("dispatch_certificateneed", "service_id", "accounts_service"),
    ("dispatch_certificateneed", "category_id", "tickets_category"),
    ("dispatch_certificateneed", "certificate_id", "dispatch_certificate"),
    ("dispatch_decision", "ticket_id", "tickets_ticket"),
    ("dispatch_decision", "policy_id", "dispatch_assignmentpolicy"),
    ("dispatch_decision", "actor_id", "accounts_user"),
    ("dispatch_decision", "team_id", "accounts_team"),
    ("dispatch_decision", "primary_id", "accounts_user"),
    ("dispatch_decision", "backup_id", "accounts_user"),
    ("dispatch_decision", "taken_from_id", "accounts_user"),
    ("dispatch_decision", "run_id", "dispatch_balancerun"),
    ("dispatch_engineer", "person_id", "accounts_user"),
    ("dispatch_engineercertificate", "engineer_id", "dispatch_engineer"),
    ("dispatch_engineercertificate", "certificate_id", "dispatch_certificate"),
    ("dispatch_engineersite", "engineer_id", "dispatch_engineer"),
    ("dispatch_engineersite", "site_id", "accounts_site"),
    ("dispatch_engineerskill", "engineer_id", "dispatch_engineer"),
    ("dispatch_engineerskill", "skill_id", "dispatch_skill"),
    ("dispatch_override", "ticket_id", "tickets_ticket"),
    ("dispatch_override", "decision_id", "dispatch_decision"),
    ("dispatch_override", "chosen_id", "accounts_user"),
    ("dispatch_override", "backup_id", "accounts_user"),
    ("dispatch_override", "asked_by_id", "accounts_user"),
    ("dispatch_override", "approver_id", "accounts_user"),
    ("dispatch_override", "decided_by_id", "accounts_user"),
    ("dispatch_performance", "engineer_id", "dispatch_engineer"),
    ("dispatch_performance", "service_id", "accounts_service"),
    ("dispatch_rosterchange", "engineer_id", "dispatch_engineer"),
    ("dispatch_shift", "engineer_id", "dispatch_engineer"),
    ("dispatch_skillneed", "service_id", "accounts_service"),
    ("dispatch_skillneed", "category_id", "tickets_category"),
    ("dispatch_skillneed", "skill_id", "dispatch_skill"),
]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("dispatch", "0002_fence")]
    operations = [SameTenant(*reference) for reference in REFERENCES]
