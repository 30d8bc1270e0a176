"""What admins fill in to promise chosen VIPs more than policies do: a form, not JSON."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nova.accounts.core import CoreForm
from sla.calendars import Malformed
from sla.choices import PROMISED, Metric
from sla.forms.fields import SpanField, calendar_in_force
from sla.models import VipOverride
from sla.overriding import check_override
from sla.services.overrides import WHOM

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
            self.add_error("response_span", _("Promise something."))
        return cleaned

    def stated(self) -> dict[str, Any]:
        """Return what was filled in, as the services take it."""
        names = ["vip_sla_override", "reason", *DATES]
        stated = {name: self.cleaned_data[name] for name in names}
        return stated if stated["starts_at"] else {**stated, "starts_at": None}


def fieldsets() -> list[tuple[Any, dict[str, Any]]]:
    """Return how the fields stand on the page."""
    return [
        (_("For whom, while they are a VIP"), {"fields": [*WHOM, "reason", *DATES]}),
        *(
            (metric.label, {"fields": [(f"{metric}_span", f"{metric}_calendar")]})
            for metric in PROMISED
        ),
    ]


def _fields(metric: Metric) -> dict[str, forms.Field]:
    return {
        f"{metric}_span": SpanField(
            label=_("Time"),
            help_text=_("Such as 90 s, 5 min or 1 h 30 min; empty: as the policies say"),
        ),
        f"{metric}_calendar": calendar_in_force(empty_label=str(_("that of the policy"))),
    }


def _written(metric: Metric, terms: dict[str, Any]) -> dict[str, Any]:
    said = terms.get(metric)
    if not said:
        return {}
    return {
        f"{metric}_span": said["seconds"],
        f"{metric}_calendar": said.get("calendar"),
    }


def _terms(metric: Metric, cleaned: dict[str, Any]) -> dict[str, int]:
    seconds, calendar = cleaned.get(f"{metric}_span"), cleaned.get(f"{metric}_calendar")
    if not seconds:
        return {}
    return {"seconds": seconds, **({"calendar": calendar.pk} if calendar else {})}
