"""What people state when they escalate a ticket."""

from django import forms
from django.utils.translation import gettext_lazy as _

from nova.text import Text
from sla.choices import Whom
from sla.steps import BY_LEVEL
from tickets.forms import MOST_REASON, Answering

NEXT = ("", _("The next level up"))
LEVELS = [(level, Whom(whom).label) for level, whom in sorted(BY_LEVEL.items())]


class EscalateForm(Answering):
    """To which level of the chain, and why."""

    level = forms.TypedChoiceField(
        label=_("To"),
        choices=[NEXT, *LEVELS],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    reason = Text(
        label=_("Reason"),
        max_length=MOST_REASON,
        widget=forms.TextInput({"autofocus": True}),
        help_text=_("What do you need from them? Everybody on the desk reads this."),
        error_messages={"required": _("Say why.")},
    )
