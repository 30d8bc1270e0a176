"""What admins fill in to arrange policies."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
)

from nova.accounts.choices import VipLevel
from nova.accounts.core import CoreForm
from sla.choices import Metric, ReopenMode
from sla.models import Calendar, Policy, Target
from sla.models.catalogue import default_pauses
from tickets import choices

TEN_YEARS = 10 * 366 * 24 * 60
MATCHED = ["priorities", "types", "kinds", "modules", "vip_levels"]
COLUMNS = ["name", "order", "is_active", *MATCHED]


def _boxes(label: Any, chosen: Any, **options: Any) -> forms.MultipleChoiceField:
    plain: Callable[[str], Any] = type(chosen.values[0])
    return forms.TypedMultipleChoiceField(
        label=label,
        choices=chosen.choices,
        coerce=plain,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        **options,
    )


def _minutes(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=TEN_YEARS,
        required=False,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text=_("Open time of the calendar; empty promises nothing"),
    )


def _calendar() -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        label=_("Calendar"),
        queryset=Calendar.objects.none(),
        required=False,
        widget=UnfoldAdminSelectWidget,
    )


def _reopen() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("When reopened"),
        choices=ReopenMode.choices,
        required=False,
        initial=ReopenMode.CONTINUE,
        widget=UnfoldAdminSelectWidget,
    )


class PolicyForm(CoreForm):
    """A policy: whom it is for, and how long it gives for each metric."""

    priorities = _boxes(_("Priorities"), choices.Priority)
    types = _boxes(_("Types"), choices.TicketType)
    kinds = _boxes(_("Kinds"), choices.Kind)
    modules = _boxes(_("Modules"), choices.Module)
    vip_levels = _boxes(_("VIP levels"), VipLevel)
    response_minutes = _minutes(_("Minutes"))
    response_calendar = _calendar()
    response_pause_on = _boxes(_("Pauses in"), choices.Status, initial=default_pauses)
    response_reopen = _reopen()
    resolution_minutes = _minutes(_("Minutes"))
    resolution_calendar = _calendar()
    resolution_pause_on = _boxes(_("Pauses in"), choices.Status, initial=default_pauses)
    resolution_reopen = _reopen()

    class Meta:
        model = Policy
        fields = COLUMNS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for metric in Metric.values:
            calendars = Calendar.objects.exclude(current=None).order_by("name")
            self.fields[f"{metric}_calendar"].queryset = calendars  # type: ignore[attr-defined]
        for target in self.instance.targets.all() if self.instance.pk else ():
            self.initial.update(_shown(target))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        stated = [metric for metric in Metric.values if cleaned.get(f"{metric}_minutes")]
        for metric in stated:
            if not cleaned.get(f"{metric}_calendar"):
                self.add_error(f"{metric}_calendar", _("Say in whose hours this counts."))
        if not stated:
            self.add_error("response_minutes", _("Promise a response, a resolution, or both."))
        cleaned["targets"] = [_stated(metric, cleaned) for metric in stated]
        return cleaned

    def stated(self) -> dict[str, Any]:
        """Return the policy as the services take it."""
        return {name: self.cleaned_data[name] for name in [*COLUMNS, "targets"]}


def _shown(target: Target) -> dict[str, Any]:
    return {
        f"{target.metric}_minutes": target.seconds // 60,
        f"{target.metric}_calendar": target.calendar_id,
        f"{target.metric}_pause_on": target.pause_on,
        f"{target.metric}_reopen": target.reopen,
    }


def _stated(metric: str, cleaned: dict[str, Any]) -> dict[str, Any]:
    return {
        "metric": metric,
        "seconds": cleaned[f"{metric}_minutes"] * 60,
        "calendar": cleaned.get(f"{metric}_calendar"),
        "pause_on": cleaned.get(f"{metric}_pause_on", []),
        "reopen": cleaned.get(f"{metric}_reopen") or ReopenMode.CONTINUE,
    }
