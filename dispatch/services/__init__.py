"""The verbs of assignment. Each is one transaction and publishes what happened."""

from dispatch.services.assigning import assign_by_engine, recommend
from dispatch.services.policies import arrange_assignment, current_policy

__all__ = [
    "arrange_assignment",
    "assign_by_engine",
    "current_policy",
    "recommend",
]
