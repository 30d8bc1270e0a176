"""The verbs of service levels: the only code that writes this app's tables."""

from sla.services.calendars import (
    create_calendar,
    discard_draft,
    draft_calendar,
    has_draft,
    publish_calendar,
    rename_calendar,
)
from sla.services.catalogue import create_policy, edit_policy
from sla.services.clocks import set_clocks, start_clocks
from sla.services.feeds import ask_feed, fetch_next, set_feed
from sla.services.importing import clock_arrivals
from sla.services.sweeping import sweep
from sla.services.switching import rematch
from sla.services.watching import note_ended_holidays

__all__ = [
    "ask_feed",
    "clock_arrivals",
    "create_calendar",
    "create_policy",
    "discard_draft",
    "draft_calendar",
    "edit_policy",
    "fetch_next",
    "has_draft",
    "note_ended_holidays",
    "publish_calendar",
    "rematch",
    "rename_calendar",
    "set_clocks",
    "set_feed",
    "start_clocks",
    "sweep",
]
