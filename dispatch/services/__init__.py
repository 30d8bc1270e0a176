"""The verbs of assignment. Each is one transaction and publishes what happened."""

from dispatch.services.assigning import assign_by_engine, recommend
from dispatch.services.overriding import (
    approve_override,
    ask_override,
    refuse_override,
    withdraw_override,
)
from dispatch.services.policies import arrange_assignment, current_policy

__all__ = [
    "approve_override",
    "arrange_assignment",
    "ask_override",
    "assign_by_engine",
    "current_policy",
    "recommend",
    "refuse_override",
    "withdraw_override",
]
