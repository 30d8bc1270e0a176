"""What each seeded role may do: one permission per verb. A tenant's admin may change the roles.

A permission is named as its app's models declare it in `Meta.permissions`; `checks` sees to that.
"""

from nova.accounts.choices import RoleKey

_PORTAL = ["tickets.open_ticket", "tickets.attach_file", "tickets.watch_ticket"]
_TECHNICIAN = [
    *_PORTAL,
    "tickets.view_ticket",
    "tickets.open_for_others",
    "accounts.look_up_people",
    "api.read_docs",
    "accounts.make_keys",
    "tickets.edit_ticket",
    "tickets.move_ticket",
    "tickets.assign_ticket",
    "tickets.reply_ticket",
    "tickets.note_ticket",
    "tickets.track_time",
    "tickets.bulk_edit_tickets",
    "tickets.merge_ticket",
    "sla.view_clock",
    "sla.preview_clock",
    "sla.escalate_ticket",
    "stardust.view_own",
    "dispatch.view_engineers",
    "dispatch.edit_own_engineer",
    "dispatch.view_decisions",
    "dispatch.ask_engine",
    "dispatch.override_engine",
]
_REPORTS = [
    *("tickets.view_ticket", "sla.view_clock", "sla.view_reports"),
    "tickets.view_satisfaction",
]
_SENSITIVE = ["tickets.view_vip_flag", "tickets.view_sla_adjustments"]
_LEAD = [
    *_TECHNICIAN,
    *_SENSITIVE,
    "tickets.delete_ticket",
    "tickets.export_tickets",
    "sla.view_reports",
    "tickets.view_satisfaction",
    "events.read_feed",
    "vip.review_vip",
    "vip.judge_recognitions",
    "vip.view_vip_reports",
    "accounts.manage_proxies",
    "stardust.view_team",
    "dispatch.manage_engineers",
    "dispatch.run_balancer",
    "dispatch.approve_overrides",
    "dispatch.view_overrides",
]
ROLES: dict[str, list[str]] = {
    RoleKey.ADMIN: [
        *_LEAD,
        "accounts.enter_core",
        "accounts.manage_people",
        "accounts.manage_groups",
        "accounts.import_people",
        "accounts.provision_people",
        "accounts.manage_roles",
        "accounts.manage_organisation",
        "scim.map_groups",
        "accounts.manage_keys",
        "events.retry_event",
        "notifications.manage_deliveries",
        "sla.manage_sla",
        "sla.override_sla",
        "sla.recalculate_clocks",
        "tickets.manage_desk",
        "vip.designate_vip",
        "vip.manage_vip",
        "vip.rule_vips",
        "stardust.manage_rules",
        "dispatch.manage_assignment",
        "dispatch.manage_attendance",
    ],
    RoleKey.LEAD: _LEAD,
    RoleKey.TECHNICIAN: _TECHNICIAN,
    RoleKey.FIELD_ENGINEER: _TECHNICIAN,
    RoleKey.MANAGER: [*_PORTAL, *_REPORTS, "tickets.export_tickets"],
    RoleKey.EXECUTIVE: [*_PORTAL, *_REPORTS],
    RoleKey.REQUESTER: _PORTAL,
    RoleKey.INTEGRATION: [
        *_LEAD,
        "accounts.provision_people",
        "vip.designate_vip",
        "vip.rule_vips",
    ],
}
