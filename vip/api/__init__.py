"""VIPs by API: designations, rules, who is one, and how far it is with many of them."""

from vip.api.designations import DesignationViewSet
from vip.api.lookup import LookupView
from vip.api.reassessments import ReassessmentViewSet
from vip.api.reports import HandlingView, HeatMapView
from vip.api.ruling import RuleViewSet

__all__ = [
    "DesignationViewSet",
    "HandlingView",
    "HeatMapView",
    "LookupView",
    "ReassessmentViewSet",
    "RuleViewSet",
]
