"""Nova Core's pages of service levels."""

from sla.admin import calendars, evidence, overrides, policies

__all__ = ["calendars", "evidence", "overrides", "policies"]
