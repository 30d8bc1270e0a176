"""What admins fill in to arrange service levels."""

from sla.forms.calendars import CalendarForm
from sla.forms.matching import MatchForm
from sla.forms.overrides import OverrideForm
from sla.forms.policies import PolicyForm

__all__ = ["CalendarForm", "MatchForm", "OverrideForm", "PolicyForm"]
