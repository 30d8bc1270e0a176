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
from sla.services.importing import clock_arrivals
from sla.services.overrides import edit_override, override_sla
from sla.services.recalculation_runs import advance, has_stalled
from sla.services.recalculations import (
    apply_recalculation,
    cancel_recalculation,
    preview_recalculation,
    undo_recalculation,
)
from sla.services.sweeping import sweep
from sla.services.switching import rematch

__all__ = [
    "advance",
    "apply_recalculation",
    "await_answer",
    "cancel_recalculation",
    "clock_arrivals",
    "create_calendar",
    "create_policy",
    "discard_draft",
    "draft_policy",
    "edit_override",
    "edit_policy",
    "hand_over",
    "has_stalled",
    "override_sla",
    "preview_recalculation",
    "publish_calendar",
    "publish_policy",
    "rematch",
    "retire_policy",
    "set_clocks",
    "start_clocks",
    "sweep",
    "undo_recalculation",
]
