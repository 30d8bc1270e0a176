"""Nova Core's pages of service levels."""

from sla.admin import calendars, evidence, policies, predictions

__all__ = ["calendars", "evidence", "policies", "predictions"]
