"""Calendars, policies, clocks, ledgers, predictions. Only `sla.services` writes these tables."""

from sla.models.calendars import Calendar, CalendarFeed, CalendarVersion, hours_by
from sla.models.catalogue import Policy, PolicyVersion, Target
from sla.models.clocks import Clock, ClockQuerySet, LedgerEntry, entry_of
from sla.models.overrides import VipOverride
from sla.models.predictions import Prediction, PredictionModel, PredictionSettings
from sla.models.recalculations import Recalculation, RecalculationLine
from sla.models.steps import EscalationStep, steps_by

__all__ = [
    "Calendar",
    "CalendarFeed",
    "CalendarVersion",
    "Clock",
    "ClockQuerySet",
    "EscalationStep",
    "LedgerEntry",
    "Policy",
    "PolicyVersion",
    "Prediction",
    "PredictionModel",
    "PredictionSettings",
    "Recalculation",
    "RecalculationLine",
    "Target",
    "VipOverride",
    "entry_of",
    "hours_by",
    "steps_by",
]
