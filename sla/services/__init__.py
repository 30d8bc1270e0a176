"""The verbs of service levels: the only code that writes this app's tables."""

from sla.services.calendars import create_calendar, publish_calendar
from sla.services.catalogue import (
    create_policy,
    discard_draft,
    draft_policy,
    edit_policy,
    publish_policy,
    retire_policy,
)
from sla.services.clocks import set_clocks, start_clocks
from sla.services.cycles import await_answer, hand_over
from sla.services.escalating import escalate_many, escalate_ticket
from sla.services.importing import clock_arrivals
from sla.services.overrides import edit_override, override_sla
from sla.services.sweeping import sweep
from sla.services.switching import rematch

__all__ = [
    "await_answer",
    "clock_arrivals",
    "create_calendar",
    "create_policy",
    "discard_draft",
    "draft_policy",
    "edit_override",
    "edit_policy",
    "escalate_many",
    "escalate_ticket",
    "hand_over",
    "override_sla",
    "publish_calendar",
    "publish_policy",
    "rematch",
    "retire_policy",
    "set_clocks",
    "start_clocks",
    "sweep",
]
