"""Calendars, policies, clocks and their ledger. Only `sla.services` writes these tables."""

from sla.models.calendars import Calendar, CalendarVersion, hours_by
from sla.models.catalogue import Policy, PolicyVersion, Target
from sla.models.clocks import Clock, ClockQuerySet, LedgerEntry, entry_of
from sla.models.overrides import VipOverride
from sla.models.recalculations import Recalculation, RecalculationLine

__all__ = [
    "Calendar",
    "CalendarVersion",
    "Clock",
    "ClockQuerySet",
    "LedgerEntry",
    "Policy",
    "PolicyVersion",
    "Recalculation",
    "RecalculationLine",
    "Target",
    "VipOverride",
    "entry_of",
    "hours_by",
]
