"""Calendars, policies, clocks, ledgers, predictions. Only `sla.services` writes these tables."""

from sla.models.calendars import Calendar, CalendarVersion, hours_by
from sla.models.catalogue import Policy, Target
from sla.models.clocks import Clock, ClockQuerySet, LedgerEntry, entry_of
from sla.models.predictions import Prediction, PredictionModel, PredictionSettings

__all__ = [
    "Calendar",
    "CalendarVersion",
    "Clock",
    "ClockQuerySet",
    "LedgerEntry",
    "Policy",
    "Prediction",
    "PredictionModel",
    "PredictionSettings",
    "Target",
    "entry_of",
    "hours_by",
]
