"""The tables in which the apps meet: the only wiring. Read as `nova.settings`, which has them all.

Order is meaning, so it is written down.
"""

from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

TENANT_SEEDS = [
    "nova.accounts.seeds.seed_roles",
    "nova.accounts.system.seed_system",
    "tickets.seeds.seed_desk",
    "sla.seeds.seed_catalogue",
]
TICKET_INTAKE = [
    "tickets.intake.prioritise",
    "tickets.intake.place",
    "vip.intake.recognise",
    "sla.intake.promise",
]
# Who may object when a person gives tickets to somebody by hand.
ASSIGN_GUARDS = ["dispatch.services.overriding.guard"]
# Who may know that somebody is not at work, when a ticket is about to go to its backup.
KNOW_WHO_IS_OUT = ["dispatch.attendance.gateway.is_out"]
EVENT_HANDLERS: dict[str, list[str]] = {
    "accounts.GroupMembershipChanged": ["nova.scim.handlers.follow_members"],
    "tickets.TicketOpened": ["sla.handlers.start_clocks"],
    "tickets.TicketMoved": ["sla.handlers.follow_stage"],
    "tickets.CommentAdded": ["sla.handlers.follow_reply"],
    "tickets.TicketEdited": ["sla.handlers.follow_edit"],
    "tickets.TicketAssigned": ["sla.handlers.follow_team"],
    "tickets.TicketMarked": ["sla.handlers.follow_vip", "sla.following.reopen_steps"],
    "tickets.TicketMerged": ["sla.handlers.cancel_merged"],
    "tickets.TicketDeleted": ["sla.handlers.pause_deleted"],
    "tickets.TicketRestored": ["sla.handlers.resume_restored"],
}
EVENT_CONSUMERS: dict[str, list[str]] = {
    "nova.live.consumers.tell": ["*"],
    "dispatch.consumers.assign": ["tickets.TicketOpened", "tickets.TicketAssigned"],
    "vip.consumers.apply_designation": ["vip.VipDesignated", "vip.VipRevoked"],
    "vip.consumers.follow_person": [
        *("accounts.PersonAdded", "accounts.PersonEdited", "accounts.PersonDeactivated"),
        *("accounts.PersonReactivated", "accounts.PersonDeparted"),
    ],
    "vip.consumers.follow_group": ["accounts.GroupMembershipChanged"],
    "vip.consumers.follow_group_name": ["accounts.GroupEdited"],
    "vip.consumers.end_group": ["accounts.GroupDeleted"],
    "vip.consumers.follow_records": ["accounts.RecordChanged"],
    "vip.consumers.follow_ticket": [
        *(f"tickets.Ticket{done}" for done in ("Edited", "Moved", "Restored")),
    ],
    "vip.consumers.recognise": ["tickets.TicketOpened", "tickets.CommentAdded"],
    "vip.consumers.end_recognitions": ["vip.VipLevelChanged"],
    "vip.answering.follow": [
        *(f"tickets.Ticket{fact}" for fact in ("Opened", "Marked", "Moved", "Assigned")),
        *("tickets.CommentAdded", "sla.ClockWarned", "sla.ClockBreached"),
    ],
    "vip.alerts.tell_unanswered": ["vip.VipAlertEscalated"],
    "vip.alerts.alert_desk": ["tickets.TicketOpened"],
    "vip.alerts.alert_marked": ["tickets.TicketMarked"],
    "vip.alerts.tell_reassessed": ["vip.PeopleReassessed"],
    "vip.alerts.tell_ending": ["vip.VipEnding"],
    "vip.alerts.tell_proposed": ["vip.VipRecognised"],
    "dispatch.attendance.news.tell_lost": ["dispatch.AttendanceLost"],
    "dispatch.attendance.news.tell_back": ["dispatch.AttendanceBack"],
    "sla.foretelling.consumers.predict": [
        *(f"tickets.Ticket{done}" for done in ("Opened", "Moved", "Edited", "Assigned")),
        *("tickets.TicketDeleted", "tickets.TicketRestored", "sla.PolicySwitched"),
        *("sla.ClockWarned", "sla.ClockBreached"),
    ],
    "sla.foretelling.consumers.tell_likely": ["sla.RiskForeseen"],
    "sla.escalating.carry_out": [
        *("sla.ClockEscalated", "sla.VipClockEscalated", "sla.TicketEscalated"),
    ],
    "sla.consumers.tell_recalculated": ["sla.ClocksRecalculated"],
    "sla.consumers.weigh_risk": [
        "sla.RiskForeseen",
        "sla.ClockWarned",
        "sla.ClockBreached",
        "sla.PolicySwitched",
        "tickets.TicketMoved",
        "tickets.CommentAdded",
    ],
    "sla.calendar_news.tell_draft": ["sla.CalendarDrafted"],
    "sla.calendar_news.tell_published": ["sla.CalendarPublished"],
    "sla.calendar_news.tell_ended": ["sla.HolidaysEnded"],
    "dispatch.consumers.tell_waiting": ["dispatch.TicketDecided"],
    "dispatch.consumers.tell_approver": ["dispatch.OverrideAsked"],
    "dispatch.consumers.tell_settled": ["dispatch.OverrideSettled"],
    "stardust.consumers.follow_moves": ["tickets.TicketMoved"],
    "tickets.consumers.follow_desk": ["accounts.RecordChanged"],
    "tickets.consumers.confirm_receipt": ["tickets.TicketOpened"],
    "tickets.consumers.pass_on_comment": ["tickets.CommentAdded"],
    "tickets.consumers.tell_stage": ["tickets.TicketMoved"],
    "tickets.consumers.tell_assignee": ["tickets.TicketAssigned"],
}
TICKET_SHAPE = ["sla.shape.add_clocks"]
# What was left of the time to resolve tickets, when they were resolved: who measures it.
TIME_LEFT = "sla.leftover.time_left"
# What a person's page in Core says beside what it asks: a sentence each, for that viewer.
PERSON_NOTES = ["vip.explaining.why_vip"]
TICKET_IMPORTED = ["sla.services.importing.clock_arrivals"]
# What apps show beside a ticket, and the permission without which nobody is told that it is there.
TICKET_PANELS = [
    ("sla:panel", "sla.view_clock"),
    ("dispatch:panel", "dispatch.view_decisions"),
    ("vip:panel", "tickets.view_vip_flag"),
]
# What apps show on a person's own profile, to who holds any of these.
PROFILE_PANELS = [
    ("dispatch:own_panel", ("dispatch.edit_own_engineer", "dispatch.view_engineers")),
    ("stardust:panel", ("stardust.view_own", "stardust.view_team")),
]
# What apps add to the acts on a ticket: by its page, the menu of its row and the bar of many; the
# last part of its address on both, the permission it takes, and how it shows.
TICKET_ACTS: list[tuple[str, str, object, str, str]] = [
    ("escalate", "sla.escalate_ticket", _("Escalate"), "trending-up", "e"),
]
# What lists of notifications say beside alerts: who answered them, and where to answer.
ALERT_ANSWERS = ["vip.answers.answers_for"]
# What browsers may follow, who resolves it for a person, and which events concern whom.
LIVE_TOPICS: dict[str, str] = {
    "alerts": "nova.notifications.live.own_topic",
    "notifications": "nova.notifications.live.own_topic",
    "queue": "tickets.live.queue_topic",
    "ticket": "tickets.live.ticket_topic",
}
LIVE_SOURCES: dict[str, list[str]] = {
    "nova.notifications.live.sources": [
        "notifications.PeopleNotified",
        "notifications.AlertsSettled",
    ],
    "tickets.live.sources": ["*"],
}
LIVE_SEQUENCE_NEEDS = "tickets.view_ticket"
CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    "deliver_due": {"task": "notifications.deliver_due", "schedule": 5.0},
    "catch_up": {"task": "events.catch_up", "schedule": 5.0},
    "sla_sweep": {"task": "sla.sweep", "schedule": 2.0},
    "sla_feeds": {"task": "sla.fetch_due_feeds", "schedule": 3600.0},
    "sla_holidays": {"task": "sla.note_ended_holidays", "schedule": 86400.0},
    "ask_attendance": {"task": "dispatch.ask_attendance_due", "schedule": 30.0},
    "predict_stale": {"task": "sla.predict_stale", "schedule": 60.0},
    "train_predictions": {"task": "sla.train_predictions", "schedule": crontab(hour=2, minute=17)},
    "measure_performance": {
        "task": "dispatch.measure_performance",
        "schedule": crontab(hour=2, minute=41),
    },
    "people_import": {"task": "accounts.import_stalled", "schedule": 5.0},
    "sla_recalculate": {"task": "sla.recalculate_stalled", "schedule": 5.0},
    "lift_waiting": {"task": "tickets.lift_waiting", "schedule": 60.0},
    "close_settled": {"task": "tickets.close_settled", "schedule": 600.0},
    "balance": {"task": "dispatch.balance", "schedule": 60.0},
    "train_routing": {"task": "dispatch.train_routing", "schedule": crontab(hour=2, minute=37)},
    "vip_apply_due": {"task": "vip.apply_due", "schedule": 60.0},
    "vip_remind": {"task": "vip.remind_of_ends", "schedule": 600.0},
    "vip_unanswered": {"task": "vip.escalate_unanswered", "schedule": 5.0},
    "vip_reassess": {"task": "vip.reassess_stalled", "schedule": 5.0},
    "prune_answers": {"task": "api.prune_answers", "schedule": 3600.0},
}

# Where the frame of every page leads, by what its templates call it.
FRAME_URLS = {
    "profile": "accounts:profile",
    "notifications": "notifications:list",
    "bell": "notifications:bell",
    "devices": "notifications:devices",
    "toasts": "notifications:alerts",
    "portal": "portal:home",
    "in_my_name": "portal:in_my_name",
    "search": "tickets:search",
    "sign_out": "accounts:sign_out",
}
RAIL: list[tuple[str, object, str, str, str]] = [
    ("pulse", _("Pulse"), "inbox", "tickets:pulse", "tickets.view_ticket"),
    ("dispatch", _("Dispatch"), "users", "dispatch:load", "dispatch.view_engineers"),
    ("analytics", _("Analytics"), "chart-column", "sla:compliance", "sla.view_reports"),
    ("vip", _("Cosmo"), "sparkles", "vip:recognitions", "vip.judge_recognitions"),
    ("core", _("Core"), "settings", "admin:index", "accounts.enter_core"),
]
# Pages that stand beside one that the rail leads to.
RAIL_BESIDE = dict.fromkeys(
    ("dispatch:balance", "dispatch:roster", "dispatch:mine", "dispatch:own"), "dispatch:load"
)
# The pages of Analytics, the first of which the rail leads to, and all that each of them takes.
REPORTS: list[tuple[object, str, tuple[str, ...]]] = [
    (_("Service levels"), "sla:compliance", ("sla.view_reports",)),
    (
        _("Satisfaction"),
        "tickets:satisfaction",
        ("tickets.view_ticket", "tickets.view_satisfaction"),
    ),
    (_("VIPs"), "vip:heat_map", ("tickets.view_vip_flag", "vip.view_vip_reports")),
    (_("VIP handling"), "vip:handling", ("tickets.view_vip_flag", "vip.view_vip_reports")),
    (
        _("Overrides"),
        "dispatch:overrides",
        ("tickets.view_ticket", "dispatch.view_overrides"),
    ),
    (_("Stardust"), "stardust:team", ("stardust.view_team",)),
]
# Those that a tenant may switch off, and who says whether they are there for a person.
REPORT_SWITCHES = {"stardust:team": "stardust.reading.is_on_for"}
