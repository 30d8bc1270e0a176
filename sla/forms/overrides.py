"""What admins fill in to promise chosen VIPs more than policies do: a form, not JSON."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget

from nova.accounts.core import CoreForm
from sla.calendars import Malformed
from sla.choices import PROMISED, Metric
from sla.models import Calendar, VipOverride
from sla.overriding import check_override
from sla.services.overrides import WHOM

TEN_YEARS = 10 * 366 * 24 * 60
DATES = ["starts_at", "ends_at"]


class OverrideForm(CoreForm):
    """Whom an override is for, and how long it gives for each metric."""

    class Meta:
        model = VipOverride
        fields = [*WHOM, "reason", *DATES]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "starts_at" in self.fields:
            self.fields["starts_at"].required = False
            self.fields["starts_at"].help_text = _("Empty: at once")
        for metric in PROMISED:
            self.fields |= _fields(metric)
            written = _written(metric, self.instance.vip_sla_override or {})
            self.initial = {**self.initial, **written}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if len([name for name in WHOM if cleaned.get(name)]) != 1:
            self.add_error("person", _("Say for one person, one department or one team."))
        terms = {metric.value: _terms(metric, cleaned) for metric in PROMISED}
        cleaned["vip_sla_override"] = {metric: said for metric, said in terms.items() if said}
        try:
            check_override(cleaned["vip_sla_override"])
        except Malformed:
            self.add_error("response_minutes", _("Promise something."))
        return cleaned

    def stated(self) -> dict[str, Any]:
        """Return what was filled in, as the services take it."""
        names = ["vip_sla_override", "reason", *DATES]
        stated = {name: self.cleaned_data[name] for name in names}
        return stated if stated["starts_at"] else {**stated, "starts_at": None}


def fieldsets() -> list[tuple[Any, dict[str, Any]]]:
    """Return how the fields stand on the page."""
    return [
        (_("For whom, while they are a VIP"), {"fields": [tuple(WHOM), "reason", tuple(DATES)]}),
        *(
            (metric.label, {"fields": [(f"{metric}_minutes", f"{metric}_calendar")]})
            for metric in PROMISED
        ),
    ]


def _fields(metric: Metric) -> dict[str, forms.Field]:
    return {
        f"{metric}_minutes": forms.IntegerField(
            label=_("Minutes"),
            min_value=1,
            max_value=TEN_YEARS,
            required=False,
            widget=UnfoldAdminIntegerFieldWidget,
            help_text=_("Empty: as the policies say"),
        ),
        f"{metric}_calendar": forms.ModelChoiceField(
            label=_("Calendar"),
            queryset=Calendar.objects.exclude(current=None).order_by("name"),
            required=False,
            widget=UnfoldAdminSelectWidget,
            empty_label=str(_("that of the policy")),
        ),
    }


def _written(metric: Metric, terms: dict[str, Any]) -> dict[str, Any]:
    said = terms.get(metric)
    if not said:
        return {}
    return {
        f"{metric}_minutes": said["seconds"] // 60,
        f"{metric}_calendar": said.get("calendar"),
    }


def _terms(metric: Metric, cleaned: dict[str, Any]) -> dict[str, int]:
    minutes, calendar = cleaned.get(f"{metric}_minutes"), cleaned.get(f"{metric}_calendar")
    if not minutes:
        return {}
    return {"seconds": minutes * 60, **({"calendar": calendar.pk} if calendar else {})}
