"""The verbs of service levels: the only code that writes this app's tables."""

from sla.services.catalogue import create_policy
from sla.services.clocks import reopen_clocks, set_clocks, start_clocks
from sla.services.sweeping import sweep
from sla.services.switching import rematch

__all__ = ["create_policy", "rematch", "reopen_clocks", "set_clocks", "start_clocks", "sweep"]
