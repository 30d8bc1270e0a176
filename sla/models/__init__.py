"""Calendars, policies, clocks and their ledger. Only `sla.services` writes these tables."""

from sla.models.calendars import Calendar, CalendarFeed, CalendarVersion, hours_by
from sla.models.catalogue import Policy, Target
from sla.models.clocks import Clock, ClockQuerySet, LedgerEntry, entry_of

__all__ = [
    "Calendar",
    "CalendarFeed",
    "CalendarVersion",
    "Clock",
    "ClockQuerySet",
    "LedgerEntry",
    "Policy",
    "Target",
    "entry_of",
    "hours_by",
]
