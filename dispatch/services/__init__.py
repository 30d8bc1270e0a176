"""The verbs of assignment: the only code that writes its tables."""

from dispatch.services.assigning import (
    assign_by_engine,
    recommend,
    recommend_all,
)
from dispatch.services.balancing import Planned, balance, plan_balance
from dispatch.services.engineers import (
    EngineerRefused,
    Stated,
    add_engineer,
    edit_engineer,
    edit_own_engineer,
)
from dispatch.services.overriding import (
    approve_override,
    ask_override,
    refuse_override,
    withdraw_override,
)
from dispatch.services.performing import measure_performance
from dispatch.services.policies import arrange_assignment, current_policy
from dispatch.services.roster import (
    Hours,
    RosterRefused,
    StatedChange,
    add_change,
    remove_change,
    set_week,
)
from dispatch.services.routing import train_routing

__all__ = [
    "EngineerRefused",
    "Hours",
    "Planned",
    "RosterRefused",
    "Stated",
    "StatedChange",
    "add_change",
    "add_engineer",
    "approve_override",
    "arrange_assignment",
    "ask_override",
    "assign_by_engine",
    "balance",
    "current_policy",
    "edit_engineer",
    "edit_own_engineer",
    "measure_performance",
    "plan_balance",
    "recommend",
    "recommend_all",
    "refuse_override",
    "remove_change",
    "set_week",
    "train_routing",
    "withdraw_override",
]
