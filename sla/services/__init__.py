"""The verbs of service levels: the only code that writes this app's tables."""

from sla.services.calendars import (
    create_calendar,
    discard_calendar_draft,
    draft_calendar,
    has_draft,
    publish_calendar,
    rename_calendar,
)
from sla.services.catalogue import (
    create_policy,
    discard_policy_draft,
    draft_policy,
    edit_policy,
    publish_policy,
    retire_policy,
)
from sla.services.clocks import set_clocks, start_clocks
from sla.services.cycles import await_answer, hand_over
from sla.services.escalating import escalate_many, escalate_ticket
from sla.services.feeds import ask_feed, fetch_next, set_feed
from sla.services.importing import clock_arrivals
from sla.services.overrides import edit_override, override_sla
from sla.services.predicting import predict_stale, predict_tickets
from sla.services.recalculation_runs import RECALCULATING
from sla.services.recalculations import (
    apply_recalculation,
    cancel_recalculation,
    preview_recalculation,
    undo_recalculation,
)
from sla.services.sweeping import sweep
from sla.services.switching import rematch
from sla.services.training import train_predictions
from sla.services.watching import note_ended_holidays

__all__ = [
    "RECALCULATING",
    "apply_recalculation",
    "ask_feed",
    "await_answer",
    "cancel_recalculation",
    "clock_arrivals",
    "create_calendar",
    "create_policy",
    "discard_calendar_draft",
    "discard_policy_draft",
    "draft_calendar",
    "draft_policy",
    "edit_override",
    "edit_policy",
    "escalate_many",
    "escalate_ticket",
    "fetch_next",
    "hand_over",
    "has_draft",
    "note_ended_holidays",
    "override_sla",
    "predict_stale",
    "predict_tickets",
    "preview_recalculation",
    "publish_calendar",
    "publish_policy",
    "rematch",
    "rename_calendar",
    "retire_policy",
    "set_clocks",
    "set_feed",
    "start_clocks",
    "sweep",
    "train_predictions",
    "undo_recalculation",
]
