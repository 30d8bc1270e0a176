"""Who is a VIP, by whose word or which rule, since when and why. Only `vip.services` writes it."""

from vip.models.alerts import VipAlert
from vip.models.designations import TARGETS, Designation
from vip.models.reassessments import Reassessment
from vip.models.recognitions import Recognition
from vip.models.ruling import VipRule, VipSettings

__all__ = [
    "TARGETS",
    "Designation",
    "Reassessment",
    "Recognition",
    "VipAlert",
    "VipRule",
    "VipSettings",
]
