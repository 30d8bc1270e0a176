"""What is asked of whoever begins a recalculation in Nova Core."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from nova.text import is_blank
from sla.choices import SCOPES_ASKED, RecalculationScope
from sla.models import Calendar, Policy


class RecalculationForm(forms.Form):
    """Which running clocks, and why."""

    scope = forms.ChoiceField(
        label=_("Which clocks"), choices=SCOPES_ASKED, widget=UnfoldAdminRadioSelectWidget
    )
    policies = forms.ModelMultipleChoiceField(
        label=_("Policies"),
        queryset=Policy.objects.none(),
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )
    calendar = forms.ModelChoiceField(
        label=_("Calendar"),
        queryset=Calendar.objects.none(),
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=200,
        help_text=_("Kept with every clock that it changes."),
        widget=UnfoldAdminTextInputWidget,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"scope": RecalculationScope.ALL}, **kwargs})
        policies: Any = self.fields["policies"]
        policies.queryset = Policy.objects.exclude(current=None).order_by("order", "pk")
        calendar: Any = self.fields["calendar"]
        calendar.queryset = Calendar.objects.order_by("name")

    def clean(self) -> dict[str, Any]:
        """Ask for what the scope needs, beside the field that lacks it."""
        stated = super().clean() or self.cleaned_data
        if stated.get("reason") and is_blank(stated["reason"]):
            self.add_error("reason", _("Nothing of this can be seen."))
        scope = stated.get("scope")
        if scope == RecalculationScope.POLICIES and not stated.get("policies"):
            self.add_error("policies", _("Choose at least one policy."))
        if scope == RecalculationScope.CALENDAR and not stated.get("calendar"):
            self.add_error("calendar", _("Choose a calendar."))
        return stated

    def stated(self) -> dict[str, Any]:
        """Return what the service takes."""
        stated = dict(self.cleaned_data)
        policies = stated.pop("policies")
        return {**stated, "policy_ids": [policy.pk for policy in policies]}
