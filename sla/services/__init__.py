"""The verbs of service levels: the only code that writes this app's tables."""

from sla.services.calendars import create_calendar, publish_calendar
from sla.services.catalogue import create_policy, edit_policy
from sla.services.clocks import set_clocks, start_clocks
from sla.services.importing import clock_arrivals
from sla.services.predicting import predict_stale, predict_tickets
from sla.services.sweeping import sweep
from sla.services.switching import rematch
from sla.services.training import train_predictions

__all__ = [
    "clock_arrivals",
    "create_calendar",
    "create_policy",
    "edit_policy",
    "predict_stale",
    "predict_tickets",
    "publish_calendar",
    "rematch",
    "set_clocks",
    "start_clocks",
    "sweep",
    "train_predictions",
]
