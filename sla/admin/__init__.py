"""Nova Core's pages of service levels."""

from sla.admin import calendars, evidence, policies

__all__ = ["calendars", "evidence", "policies"]
