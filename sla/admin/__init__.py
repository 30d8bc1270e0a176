"""Nova Core's pages of service levels."""

from sla.admin import (
    calendars,
    evidence,
    overrides,
    policies,
    predictions,
    recalculations,
)

__all__ = ["calendars", "evidence", "overrides", "policies", "predictions", "recalculations"]
