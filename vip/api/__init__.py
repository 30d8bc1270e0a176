"""VIPs by API: designations, rules, who is one, what Cosmo asks, and how far it is with many."""

from vip.api.alerts import AlertViewSet
from vip.api.designations import DesignationViewSet
from vip.api.lookup import LookupView
from vip.api.reassessments import ReassessmentViewSet
from vip.api.recognitions import RecognitionViewSet
from vip.api.reports import HandlingView, HeatMapView
from vip.api.ruling import RuleViewSet

__all__ = [
    "AlertViewSet",
    "DesignationViewSet",
    "HandlingView",
    "HeatMapView",
    "LookupView",
    "ReassessmentViewSet",
    "RecognitionViewSet",
    "RuleViewSet",
]
