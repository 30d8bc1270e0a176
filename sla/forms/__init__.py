"""What admins fill in to arrange service levels."""

from sla.forms.calendars import CalendarForm
from sla.forms.policies import MATCHED, PolicyForm

__all__ = ["MATCHED", "CalendarForm", "PolicyForm"]
