"""Assignment by API: the engine, its cards, and where people see it otherwise."""

from dispatch.api.balancing import BalanceView
from dispatch.api.deciding import AssignmentsView, AssignView
from dispatch.api.engineers import EngineerViewSet, SkillViewSet
from dispatch.api.overriding import OverrideViewSet
from dispatch.api.policies import AssignmentPolicyView

__all__ = [
    "AssignView",
    "AssignmentPolicyView",
    "AssignmentsView",
    "BalanceView",
    "EngineerViewSet",
    "OverrideViewSet",
    "SkillViewSet",
]
